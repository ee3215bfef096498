import Foundation
import Imaging
import Training

public struct PackingOptions: Sendable {
    /// Sides in pixels.
    public var sizes = [64, 256]
    public var fit = PictureFit.automatic
    public var split = SplitRule()
    public var columns = ColumnNames()
    /// The first picture that cannot be packed ends it.
    public var isStrict = false

    public init() {}

    static let maxSize = 4096

    func check() throws(PackingError) {
        guard !sizes.isEmpty, Set(sizes).count == sizes.count, sizes.allSatisfy({ (1...Self.maxSize).contains($0) })
        else {
            throw .invalidOption("the sizes must be different numbers from 1 to \(Self.maxSize), not \(sizes)")
        }
        guard (0..<1).contains(split.valFraction) else {
            throw .invalidOption("the fraction for val must be at least 0 and below 1, not \(split.valFraction)")
        }
    }
}

public struct PackingProgress: Sendable {
    /// Packed or skipped, of `total`.
    public var done = 0
    public var skipped = 0
    public var total: Int
}

/// What came of packing.
public struct PackingReport: Sendable {
    public struct Skipped: Sendable, Equatable {
        public let id: String
        public let problem: PackProblem
    }

    public var packed = 0
    public var skipped = 0
    /// Of those skipped.
    public var first: [Skipped] = []

    static let listed = 10
}

/// Packs captioned pictures for training.
public enum Packer {
    /// Reads every source and writes a pack to `folder`, in the order of the sources and of their rows.
    ///
    /// A picture that cannot be packed is skipped and reported. Pictures are decoded on all cores; only a few are in
    /// memory at once. If it throws or is cancelled, `folder` is as it was.
    /// - Throws: `PackingError`, `PackError`, `CancellationError`.
    public static func pack(
        _ sources: [URL], to folder: URL, options: PackingOptions = PackingOptions(),
        progress: (PackingProgress) -> Void = { _ in }
    ) async throws -> PackingReport {
        try options.check()
        let candidates = try sources.flatMap { try PictureSource.candidates($0, columns: options.columns) }
        let writer = try PackWriter(folder: folder, sizes: options.sizes)
        do {
            let report = try await write(candidates, to: writer, options, progress)
            if report.packed == 0, let first = report.first.first {
                throw PackingError.nothingLeft(skipped: report.skipped, id: first.id, first.problem)
            }
            try writer.finish()
            return report
        } catch {
            writer.abandon()
            throw error
        }
    }

    private typealias Outcome = Result<PackedPicture, PackProblem>

    private static func write(
        _ candidates: [Candidate], to writer: PackWriter, _ options: PackingOptions,
        _ progress: (PackingProgress) -> Void
    ) async throws -> PackingReport {
        var report = PackingReport()
        var state = PackingProgress(total: candidates.count)
        var ids = Set<String>()
        // Enough that no core waits for a slow picture before its turn to be written.
        let window = 8 * ProcessInfo.processInfo.activeProcessorCount
        try await withThrowingTaskGroup(of: (Int, Outcome).self) { group in
            var next = 0
            var ready: [Int: Outcome] = [:]
            while state.done < candidates.count {
                while next < min(candidates.count, state.done + window) {
                    let (index, candidate) = (next, candidates[next])
                    group.addTask { (index, try prepare(candidate, options)) }
                    next += 1
                }
                if let (index, outcome) = try await group.next() { ready[index] = outcome }
                while let outcome = ready.removeValue(forKey: state.done) {
                    try Task.checkCancellation()
                    let name = candidates[state.done].name
                    if let skipped = try append(outcome, name: name, to: writer, seen: &ids) {
                        if options.isStrict { throw PackingError.strict(id: skipped.id, skipped.problem) }
                        report.skipped += 1
                        if report.first.count < PackingReport.listed { report.first.append(skipped) }
                    } else {
                        report.packed += 1
                    }
                    state.done += 1
                    state.skipped = report.skipped
                    progress(state)
                }
            }
        }
        return report
    }

    /// Gives what it had to skip.
    private static func append(
        _ outcome: Outcome, name: String, to writer: PackWriter, seen: inout Set<String>
    ) throws -> PackingReport.Skipped? {
        switch outcome {
        case .failure(let problem): return .init(id: name, problem: problem)
        case .success(let picture):
            guard seen.insert(picture.row.id).inserted else { return .init(id: picture.row.id, problem: .duplicateID) }
            try writer.append(picture)
            return nil
        }
    }

    /// Reads, decodes, resizes and compresses one picture.
    private static func prepare(_ candidate: Candidate, _ options: PackingOptions) throws -> Outcome {
        try Task.checkCancellation()
        do {
            let (fields, bytes) = try candidate.read()
            let row = try row(fields, candidate, options)
            let picture = try FittedPicture(ImageBuffer(decoding: bytes), fit: options.fit)
            return .success(try PackedPicture(row, sizes: options.sizes, pixels: picture.square))
        } catch let problem as PackProblem {
            return .failure(problem)
        } catch let error as ImageError {
            return .failure(.unreadablePicture("\(error)"))
        }
    }

    private static func row(
        _ fields: Fields, _ candidate: Candidate, _ options: PackingOptions
    ) throws(PackProblem) -> PackedRow {
        let captions = fields.texts(options.columns.captions)
        guard !captions.isEmpty else { throw .noCaption }
        var row = PackedRow(
            id: fields.text(ColumnNames.id) ?? candidate.name, captions: captions,
            style: fields.text(ColumnNames.style) ?? "", keywords: fields.list(ColumnNames.keywords),
            group: fields.text(ColumnNames.group) ?? "", source: fields.text(ColumnNames.source) ?? candidate.source,
            license: fields.text(ColumnNames.license) ?? "", attribution: fields.text(ColumnNames.attribution) ?? "")
        if let named = fields.text(ColumnNames.split) {
            guard let split = SplitRule.names[named.lowercased()] else { throw .unknownSplit(named) }
            row.split = split
        } else {
            row.split = options.split.split(row)
        }
        return row
    }
}
