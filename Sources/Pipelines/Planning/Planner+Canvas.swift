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
        case .outwards(let picture, let overlap):
            return Frame.outwards(from: known.mask, side: scale(of: picture), overlap: overlap)
        }
    }

    /// The largest side that the model draws and the picture has: what is painted beside it is of its scale, not many
    /// small pictures.
    private func scale(of picture: PictureSize) -> Int {
        let fitting = manifest.sizes.filter { $0 <= min(picture.width, picture.height) }
        return max(fitting.max() ?? 0, manifest.nativeSize)
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

    /// What the stages have to make: of a canvas its frames.
    func drawing(_ canvas: CanvasPlan?, size: PictureSize) -> Drawing {
        guard let canvas else { return Drawing(size: size, isConditioned: false) }
        let side = canvas.frames.map(\.side).max() ?? size.width
        return Drawing(size: PictureSize(square: fitting(side)), isConditioned: canvas.isConditioned)
    }

    /// The side at which a frame is drawn: a model that draws any size draws it as it is, as far as it can.
    private func fitting(_ side: Int) -> Int {
        guard let multiple = model.sizeMultiple else { return side }
        let largest = manifest.sizes.max() ?? manifest.nativeSize
        return min(largest, max(manifest.nativeSize, (side + multiple - 1) / multiple * multiple))
    }
}

/// What the stages of a plan have to make.
struct Drawing {
    var size: PictureSize
    /// Whether networks are shown a known picture.
    var isConditioned: Bool
}

extension StageDescription {
    /// The stage as it is run for a drawing: with the network that is made for it, at the size that is asked for where
    /// it can have any.
    func drawing(_ drawing: Drawing) -> StageDescription {
        var stage = self
        if drawing.isConditioned, let network = declared.knownNetwork { stage.declared.network = network }
        stage.space = space.fitted(to: drawing.size)
        return stage
    }
}
