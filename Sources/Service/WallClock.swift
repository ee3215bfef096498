import Foundation

/// What time it is. Tests put in a clock that they move.
public struct WallClock: Sendable {
    public var now: @Sendable () -> Date

    /// The system's.
    public static let system = WallClock { .now }

    public init(now: @escaping @Sendable () -> Date) { self.now = now }
}
