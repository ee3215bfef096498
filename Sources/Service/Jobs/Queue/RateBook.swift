import Foundation
import ImageGeneration

/// How long pictures take, from how long they took: a running mean for each kind of request.
struct RateBook: Sendable {
    /// What decides how long a picture takes.
    private struct Kind: Hashable {
        var model: String?
        var task: TaskKind?
        var size: String?
        var preset: String?
        var stages: [String: StageSettings]?
    }

    /// Seconds for a picture.
    private var rates: [Kind: Double] = [:]
    /// The weight of the newest figure.
    private static let weight = 0.3
    private static let capacity = 1000

    /// - Parameters:
    ///   - seconds: what all pictures of a batch took together.
    mutating func record(_ request: JobRequest, pictures: Int, seconds: Double) {
        guard pictures > 0, seconds > 0 else { return }
        if rates.count > Self.capacity { rates = [:] }
        for kind in Self.kinds(of: request) {
            let rate = seconds / Double(pictures)
            rates[kind] = rates[kind].map { $0 + Self.weight * (rate - $0) } ?? rate
        }
    }

    /// Seconds that so many pictures will take; nil where nothing like them was drawn yet.
    func seconds(for request: JobRequest, pictures: Int) -> Double? {
        Self.kinds(of: request).lazy.compactMap { rates[$0] }.first.map { $0 * Double(pictures) }
    }

    /// From the narrowest to the widest.
    private static func kinds(of request: JobRequest) -> [Kind] {
        [
            Kind(
                model: request.model, task: request.task, size: request.size, preset: request.preset,
                stages: request.stages),
            Kind(model: request.model, task: request.task, size: request.size),
            Kind(model: request.model),
        ]
    }
}
