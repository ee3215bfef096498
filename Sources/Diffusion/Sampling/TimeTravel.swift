/// A walk that goes back and forth in time, so that what is drawn comes to fit what is known (Lugmayr et al. 2022,
/// "RePaint", section 4.2 and algorithm 1).
///
/// Whenever `length` more steps are done, the sample is noised back to where it stood before them, and they are walked
/// again, `repeats` times in all. The last step, which leaves no noise, is never gone back from.
public struct TimeTravel: Hashable, Sendable {
    /// The reference's `jump_length`, in steps.
    public var length: Int
    /// The reference's `jump_n_sample`.
    public var repeats: Int

    public init(length: Int, repeats: Int) {
        self.length = max(1, length)
        self.repeats = max(1, repeats)
    }

    /// Straight from noise to picture.
    public static let none = TimeTravel(length: 1, repeats: 1)

    /// A part of a walk.
    public enum Move: Hashable, Sendable {
        /// Takes the step of this index.
        case step(Int)
        /// Noises the sample that step `from` would be given until it is one for the earlier step `to`.
        case back(from: Int, to: Int)
    }

    /// The walk through `count` steps.
    public func moves(steps count: Int) -> [Move] {
        var moves: [Move] = []
        // Counted from the end, as the reference does: the last stretch is whole, the first may be shorter.
        var start = 0
        var end = (count - 1) % length
        if end == 0 { end = min(length, count - 1) }
        while start < count - 1 {
            for turn in 0..<repeats {
                if turn > 0 { moves.append(.back(from: end, to: start)) }
                moves += (start..<end).map(Move.step)
            }
            (start, end) = (end, min(end + length, count - 1))
        }
        if count > 0 { moves.append(.step(count - 1)) }
        return moves
    }

    /// How many steps the walk takes in all.
    public func stepsTaken(of count: Int) -> Int {
        moves(steps: count).count { if case .step = $0 { true } else { false } }
    }
}
