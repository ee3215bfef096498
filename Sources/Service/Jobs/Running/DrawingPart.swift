import ImageGeneration

/// A part of a job that is drawn by one request to the engine.
struct DrawingPart: Sendable {
    var request: ImageRequest
    /// The place in the job of each picture of the request.
    var indices: [Int]

    /// What of a request is still to be drawn when some of its pictures are done. The seed must be set, so that every
    /// picture comes out as it would have.
    static func remaining(of request: ImageRequest, done: Set<Int>) -> [DrawingPart] {
        let frames = request.task.frames
        let all = 0..<request.count * frames
        let missing = all.filter { !done.contains($0) }
        if missing.isEmpty { return [] }
        if missing.count == all.count { return [DrawingPart(request: request, indices: missing)] }
        return frames == 1 ? runs(of: missing, in: request) : [series(of: missing, in: request)]
    }

    /// Stretches of takes; take i has the seed `seed` + i.
    private static func runs(of missing: [Int], in request: ImageRequest) -> [DrawingPart] {
        var runs: [[Int]] = []
        for index in missing {
            if let last = runs.last?.last, last + 1 == index {
                runs[runs.count - 1].append(index)
            } else {
                runs.append([index])
            }
        }
        return runs.map { run in
            var part = request
            part.count = run.count
            part.seed = request.seed.map { $0 &+ UInt64(run[0]) }
            return DrawingPart(request: part, indices: run)
        }
    }

    /// The frames of a series that miss a take, with all of their takes.
    private static func series(of missing: [Int], in request: ImageRequest) -> DrawingPart {
        let frames = Set(missing.map { $0 / request.count }).sorted()
        var part = request
        part.task = request.task.keeping(frames: frames)
        return DrawingPart(
            request: part, indices: frames.flatMap { frame in (0..<request.count).map { frame * request.count + $0 } })
    }
}

extension ImageTask {
    fileprivate func keeping(frames: [Int]) -> ImageTask {
        switch self {
        case .blend(var blend):
            blend.frames = frames.map { blend.frames[$0] }
            return .blend(blend)
        case .textDifference(var difference):
            difference.amounts = frames.map { difference.amounts[$0] }
            return .textDifference(difference)
        case .textToImage, .inpaint, .outpaint, .variation:
            return self
        }
    }
}
