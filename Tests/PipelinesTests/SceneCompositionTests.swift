import Diffusion
import Scenes
import Testing
import Torch

@testable import Pipelines

/// Things in their places.
@Suite struct SceneCompositionTests {
    /// A disc of one colour on a ground of another, (1, 3, 16, 16).
    private func disc(_ color: [Float], on ground: [Float]) -> Tensor {
        let covered = (0..<256).map { pow2($0 % 16 - 8) + pow2($0 / 16 - 8) < 9 }
        return Tensor(
            (0..<3).flatMap { channel in covered.map { $0 ? color[channel] : ground[channel] } }, shape: [1, 3, 16, 16])
    }

    private func pow2(_ number: Int) -> Int { number * number }

    private func scene(_ places: [[ScenePlan.Place]]) -> ScenePlan {
        let plan = GenerationPlan(
            subjects: [], negative: "", texts: nil, picturesPerSubject: 1, noise: .seeded([]), inversion: nil,
            stages: [],
            canvas: nil, size: .init(square: 16))
        return ScenePlan(things: plan, finishing: nil, pictures: places)
    }

    private func pixel(_ picture: Tensor, _ x: Int, _ y: Int) throws -> [Float] {
        let values = try picture.floats()
        return (0..<3).map { values[$0 * 256 + y * 16 + x] }
    }

    @Test func thingsAreShownInTheirPlacesOnOneGround() throws {
        let (white, nearly, red, blue): ([Float], [Float], [Float], [Float]) = (
            [1, 1, 1], [0.9, 1, 0.9], [1, -1, -1], [-1, -1, 1]
        )
        let things = Tensor.cat([disc(red, on: white), disc(blue, on: nearly)], dim: 0)
        let (left, right) = (Box(x: 0, y: 0.25, side: 0.5), Box(x: 0.5, y: 0.25, side: 0.5))
        let drawn = try scene([
            [.init(thing: 0, boxes: [left]), .init(thing: 1, boxes: [right])],
            [.init(thing: 1, boxes: [left, right])], [.init(thing: 1, boxes: [.whole])],
        ]).composed(things)
        #expect(drawn.shape == [3, 3, 16, 16])
        let first = drawn.narrow(dim: 0, start: 0, length: 1)
        let ground = try pixel(first, 0, 0)
        #expect(try pixel(first, 4, 8)[0] > 0.9 && pixel(first, 12, 8)[2] > 0.9 && pixel(first, 12, 8)[0] < -0.9)
        // No edge of a box is seen, though the grounds differed.
        for (x, y) in [(7, 4), (8, 4), (15, 11), (8, 15), (0, 4)] {
            #expect(try zip(pixel(first, x, y), ground).allSatisfy { abs($0 - $1) < 1e-4 }, "\(x), \(y)")
        }
        let twins = drawn.narrow(dim: 0, start: 1, length: 1)
        #expect(try pixel(twins, 4, 8) == pixel(twins, 12, 8) && pixel(twins, 4, 8)[0] < -0.9)
        // What is its picture's only thing fills it.
        let alone = drawn.narrow(dim: 0, start: 2, length: 1)
        #expect(try pixel(alone, 8, 8)[0] < -0.9 && pixel(alone, 0, 0) == nearly)
    }

    /// A thing's haze is its ground; a picture that has none is left as it is.
    @Test func theOnlyThingOfAPictureHasAnEvenGround() throws {
        let blue: [Float] = [-1, 0, 1]
        let haze = (0..<256).map { Float($0 % 16 == 4 && $0 / 16 == 4 ? 0.07 : 0) }
        let thing = disc([1, -1, -1], on: blue)
        let hazy = thing - Tensor(haze + haze + haze, shape: [1, 3, 16, 16])
        let slope = Tensor((0..<768).map { Float($0 % 16) / 8 - 1 }, shape: [1, 3, 16, 16])
        let drawn = try scene([[.init(thing: 0, boxes: [.whole])], [.init(thing: 1, boxes: [.whole])]])
            .composed(Tensor.cat([hazy, slope], dim: 0))
        let (first, second) = (drawn.narrow(dim: 0, start: 0, length: 1), drawn.narrow(dim: 0, start: 1, length: 1))
        #expect(try pixel(hazy, 4, 4) != blue && pixel(first, 4, 4) == blue && pixel(first, 8, 8)[0] > 0.9)
        #expect(try second.floats() == slope.floats())
    }
}
