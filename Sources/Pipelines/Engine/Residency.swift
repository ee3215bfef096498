/// How a model's networks are held in memory.
public enum Residency: Hashable, Sendable {
    /// All that a plan needs are read before its first step, and kept for the next.
    case all
    /// Each is read when it is its turn, and goes when the next one is read.
    case one
}
