import Testing

@testable import Diffusion

struct TimeTravelTests {
    @Test func straightOnIsEveryStepOnce() {
        #expect(TimeTravel.none.moves(steps: 5) == (0..<5).map(TimeTravel.Move.step))
        #expect(TimeTravel.none.moves(steps: 1) == [.step(0)])
        #expect(TimeTravel.none.moves(steps: 0).isEmpty)
    }

    /// Two turns of stretches of two: the walk that the paper's algorithm takes for six steps and a last one.
    @Test func goesBackAfterEachStretch() {
        let moves = TimeTravel(length: 2, repeats: 2).moves(steps: 5)
        #expect(
            moves == [
                .step(0), .step(1), .back(from: 2, to: 0), .step(0), .step(1),
                .step(2), .step(3), .back(from: 4, to: 2), .step(2), .step(3),
                .step(4),
            ])
    }

    @Test(arguments: [(1, 1), (3, 2), (5, 3), (10, 10), (7, 1)], [1, 2, 3, 6, 11, 30])
    func everyWalkIsAWalk(jump: (length: Int, repeats: Int), steps: Int) {
        let travel = TimeTravel(length: jump.length, repeats: jump.repeats)
        var place = 0
        for move in travel.moves(steps: steps) {
            switch move {
            case .step(let index):
                #expect(index == place)
                place += 1
            case .back(let from, let to):
                #expect(from == place && to < from && from < steps && from - to <= jump.length)
                place = to
            }
        }
        #expect(place == steps)
        #expect(travel.stepsTaken(of: steps) == (steps - 1) * jump.repeats + 1)
    }
}
