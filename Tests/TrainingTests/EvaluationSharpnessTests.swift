import Testing
import Torch

@testable import Training

struct EvaluationSharpnessTests {
    /// A bright half beside a dark one, with as many pixels between them; contrast of 2 at most.
    private func edge(width: Int, contrast: Float = 2) -> Tensor {
        let side = 256
        let row = (0..<side).map { x in
            contrast * (min(1, max(0, (Float(x - side / 2) + 0.5) / Float(width) + 0.5)) - 0.5)
        }
        return Tensor(row, shape: [1, 1, 1, side]).expand([1, 3, side, side]).contiguous()
    }

    @Test(arguments: [1, 2, 4]) func steepnessIsThatOfTheEdge(width: Int) throws {
        let found = try #require(try EdgeSharpness(of: edge(width: width)).value)
        #expect(abs(found - 1 / Double(width)) < 0.02)
    }

    @Test func contrastDoesNotCount() throws {
        let full = try #require(try EdgeSharpness(of: edge(width: 2)).value)
        let half = try #require(try EdgeSharpness(of: edge(width: 2, contrast: 1)).value)
        #expect(abs(full - half) < 0.01)
    }

    @Test func aFlatPictureHasNoEdges() throws {
        #expect(try EdgeSharpness(of: Tensor.zeros([1, 3, 64, 64])).value == nil)
    }
}
