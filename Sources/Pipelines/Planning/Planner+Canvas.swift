import ImageGeneration
import Imaging

// The known picture of a task, and the frames in which the rest of it is painted.
extension Planner {
    func canvas(_ outline: TaskOutline) throws(GenerationError) -> CanvasPlan? {
        guard let known = outline.known else { return nil }
        let isConditioned = try isConditioned(known.method)
        return CanvasPlan(
            picture: known.picture, mask: known.mask, frames: try frames(known), feather: known.feather,
            resampling: isConditioned ? nil : resampling(known.method), isConditioned: isConditioned)
    }

    private func frames(_ known: TaskOutline.KnownPicture) throws(GenerationError) -> [Frame] {
        switch known.frames {
        case .window(let context):
            return [Frame.window(around: known.mask, context: context, leastSide: manifest.nativeSize)].compactMap {
                $0
            }
        case .outwards(let overlap):
            return Frame.outwards(from: known.mask, side: manifest.nativeSize, overlap: overlap)
        }
    }

    /// Whether some stage is shown the known picture, rather than led to it by jumps in time.
    private func isConditioned(_ method: KnownRegionMethod) throws(GenerationError) -> Bool {
        let canBe = model.stages.contains(where: \.seesKnownPicture)
        switch method {
        case .automatic: return canBe
        case .resampling: return false
        case .conditioning:
            guard canBe else {
                throw .unsupported(
                    "method", "the model \(model.name) was not trained to see a known picture; use resampling")
            }
            return true
        }
    }

    private func resampling(_ method: KnownRegionMethod) -> Resampling {
        if case .resampling(let resampling) = method { resampling } else { Resampling() }
    }

    /// The side of the pictures that the stages have to make.
    func drawnSide(_ canvas: CanvasPlan?, size: PictureSize) -> Int {
        canvas?.frames.map(\.side).max() ?? size.width
    }
}
