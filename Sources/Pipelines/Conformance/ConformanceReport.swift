/// What replaying a fixture folder found.
public struct ConformanceReport: Codable, Hashable, Sendable {
    /// One recorded call, or a group of checks that belong to none.
    public struct Run: Codable, Hashable, Sendable {
        public var name: String
        /// What was recorded: a pipeline's or a scheduler's class.
        public var subject: String
        public var checks: [Check] = []
        /// Recorded values that nothing computed was compared with.
        public var unchecked: [String] = []
        /// Recorded noise that the run did not ask for; a faithful run leaves none.
        public var unusedDraws = 0

        public var passed: Bool { !checks.isEmpty && checks.allSatisfy(\.passed) && unusedDraws == 0 }
    }

    public var title: String
    public var device: String
    public var dtype: String
    public var runs: [Run]

    public var passed: Bool { !runs.isEmpty && runs.allSatisfy(\.passed) }
}

/// How strictly a fixture folder is replayed.
public struct ConformanceLimits: Hashable, Sendable {
    /// The largest error of a tensor, as a share of its absolute maximum.
    public var tolerance: Double
    /// What a whole run's pictures must reach, in dB.
    public var psnr: Double

    public init(tolerance: Double = 1e-4, psnr: Double = 80) {
        self.tolerance = tolerance
        self.psnr = psnr
    }
}

/// Why a fixture folder could not be replayed.
public struct ConformanceError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// The folder holds no fixture.
        case notAFixture
        /// A run was made by a program that Limn has no replay for.
        case unknownPipeline
        /// A call lacks an argument, or has one that no such call takes.
        case malformedCall
    }

    public var kind: Kind
    public var message: String

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    public var description: String { message }
}
