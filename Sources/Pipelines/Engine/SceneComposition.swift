import Scenes
import Torch

extension ScenePlan {
    /// Puts things in their places, picture by picture. The only thing of a picture keeps its own ground, made even.
    ///
    /// - Parameter drawn: (things, 3, side, side) in about −1…1, those of `things`
    /// - Returns: (pictures, 3, side, side)
    func composed(_ drawn: Tensor) throws -> Tensor {
        try Tensor.cat(
            pictures.map { places in
                let shown = places.map { drawn.narrow(dim: 0, start: $0.thing, length: 1) }
                return places.map(\.boxes) == [[.whole]]
                    ? try shown[0].onEvenGround() : Self.picture(of: shown, in: places.map(\.boxes))
            }, dim: 0)
    }

    /// - Parameter things: (1, 3, side, side) each
    private static func picture(of things: [Tensor], in boxes: [[Box]]) -> Tensor {
        let size = things[0].size(3)
        let ground = Self.ground(of: things)
        return zip(things, boxes).reduce(ground.expand([1, -1, size, size])) { picture, part in
            let thing = part.0.onGround(ground)
            return part.1.reduce(picture) { $0.showing(thing, in: $1) }
        }
    }

    /// The median of the things' edges, where few of them reach: (1, channels, 1, 1).
    fileprivate static func ground(of things: [Tensor]) -> Tensor {
        let colors = Tensor.cat(things.map(\.edges), dim: 1)
        let sorted = colors.gather(dim: 1, index: colors.sortIndices(dim: 1))
        return sorted.select(dim: 1, index: colors.size(1) / 2).reshape([1, -1, 1, 1])
    }
}

extension Tensor {
    /// How far from the colour of its ground, of 2, a colour still is the ground, and from where on it is the thing's own.
    private static let grounds = (all: 0.1, none: 0.3)
    /// The share of a picture's edges that has the colour of its ground, if it has one.
    private static let groundedEdges = 0.9

    /// The colours along the four edges of a picture (1, channels, height, width): (channels, pixels).
    fileprivate var edges: Tensor {
        let sides = [2, 3].flatMap { dim in
            [0, size(dim) - 1].map { select(dim: dim, index: $0).squeeze(0) }
        }
        return Tensor.cat(sides, dim: 1)
    }

    /// The picture without the haze that a small decoder draws around things on a coloured ground. Where its edges have many
    /// colours, or white, on which pale things would go with the haze, it is as it was.
    fileprivate func onEvenGround() throws -> Tensor {
        let ground = ScenePlan.ground(of: [self])
        let distances = try (edges - ground.reshape([-1, 1])).abs().amax(dims: [0], keepDim: false).floats()
        let grounded = distances.count { Double($0) < Self.grounds.none }
        let isWhite = try ground.floats().allSatisfy { Double($0) > 1 - Self.grounds.none }
        guard !isWhite, Double(grounded) > Self.groundedEdges * Double(distances.count) else { return self }
        return onGround(ground)
    }

    /// A thing with its ground, and what is hardly to be told from it, painted in another colour, so that no box is seen;
    /// colours in between are mixed.
    fileprivate func onGround(_ ground: Tensor) -> Tensor {
        let distance = (self - ScenePlan.ground(of: [self])).abs().amax(dims: [1], keepDim: true)
        let (all, none) = Self.grounds
        let share = ((none - distance) / (none - all)).clamp(min: 0, max: 1)
        return self * (1 - share) + ground * share
    }

    /// A picture (1, channels, size, size) with a thing made small in a box, as far as that lies in the picture.
    fileprivate func showing(_ thing: Tensor, in box: Box) -> Tensor {
        let size = size(3)
        let (left, top, side) = box.pixels(of: size)
        let margins = [left, size - left - side, top, size - top - side]
        let cover = Tensor.ones([1, 1, side, side], device: device).constantPad(margins)
        let small = thing.interpolate(size: [side, side], mode: .bicubic, antialias: true)
        return self * (1 - cover) + small.constantPad(margins)
    }
}
