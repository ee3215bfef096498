import Foundation
import Torch

/// How a run learns, whatever it learns.
public struct TrainingConfig: Codable, Sendable, Equatable {
    /// The number of updates, and how many pictures each sees.
    public var steps = 1000
    public var batch = 64
    /// In how many parts a batch goes through the network, to save memory.
    public var accumulation = 1
    public var seed: UInt64 = 1
    /// The highest learning rate, reached after the warm-up.
    public var rate = 3e-4
    /// The share of `rate` that is left at the last step; the way there is a half cosine.
    public var finalRateShare = 0.05
    public var warmup = 200
    /// What moves matrices; biases, norms, tables and the outermost layers are always moved by AdamW.
    public enum OptimizerKind: String, Codable, Sendable { case adamw, muon }
    public var optimizer = OptimizerKind.adamw
    public var betas = [0.9, 0.99]
    public var decay = 0.01
    /// The largest global norm of the gradients.
    public var clip = 1.0
    /// The decay of the averaged weights; the first steps use less, so that the start is forgotten.
    public var ema = 0.999
    /// The type of matrix products: float32, bfloat16, or auto: bfloat16 where the device has instructions for it, since
    /// without them it is many times slower than float32. Weights and optimiser stay in float32.
    public var dtype = "float32"
    public var device = "auto"
    /// Steps between lines of the log, saved states, and samples (0: none).
    public var logEvery = 10
    public var saveEvery = 500
    public var sampleEvery = 1000
    /// How many saved states are kept.
    public var keep = 2

    public init() {}

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try ConfigurationKeys.refuseUnknown(in: decoder, known: CodingKeys.allCases)
        func read<T: Decodable>(_ key: CodingKeys, _ path: WritableKeyPath<TrainingConfig, T>) throws {
            if let value = try values.decodeIfPresent(T.self, forKey: key) { self[keyPath: path] = value }
        }
        try read(.steps, \.steps)
        try read(.batch, \.batch)
        try read(.accumulation, \.accumulation)
        try read(.seed, \.seed)
        try read(.rate, \.rate)
        try read(.finalRateShare, \.finalRateShare)
        try read(.warmup, \.warmup)
        try read(.optimizer, \.optimizer)
        try read(.betas, \.betas)
        try read(.decay, \.decay)
        try read(.clip, \.clip)
        try read(.ema, \.ema)
        try read(.dtype, \.dtype)
        try read(.device, \.device)
        try read(.logEvery, \.logEvery)
        try read(.saveEvery, \.saveEvery)
        try read(.sampleEvery, \.sampleEvery)
        try read(.keep, \.keep)
        try validate()
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case steps, batch, accumulation, seed, rate, warmup, optimizer, betas, decay, clip, ema, dtype, device, keep
        case finalRateShare = "final_rate_share"
        case logEvery = "log_every"
        case saveEvery = "save_every"
        case sampleEvery = "sample_every"
    }

    private func validate() throws {
        func require(_ fits: Bool, _ key: String, _ expected: String) throws {
            if !fits { throw TrainingError.badConfiguration(key: key, expected: expected) }
        }
        try require(steps > 0, "steps", "a number above 0")
        try require(batch > 0, "batch", "a number above 0")
        try require(accumulation > 0 && batch % accumulation == 0, "accumulation", "a divisor of batch")
        try require(rate > 0 && rate.isFinite, "rate", "a number above 0")
        try require(betas.count == 2 && betas.allSatisfy { (0..<1).contains($0) }, "betas", "two numbers from 0 to 1")
        try require((0..<1).contains(ema), "ema", "a number from 0 to 1")
        try require(["auto", "float32", "bfloat16"].contains(dtype), "dtype", "auto, float32 or bfloat16")
        try require(logEvery > 0 && saveEvery > 0 && keep > 0, "log_every", "numbers above 0")
    }

    /// The learning rate of a step, counted from 0.
    func rate(at step: Int) -> Double {
        if step < warmup { return rate * Double(step + 1) / Double(warmup) }
        let progress = Double(step - warmup) / Double(max(1, steps - warmup))
        let cosine = 0.5 * (1 + cos(.pi * min(1, progress)))
        return rate * (finalRateShare + (1 - finalRateShare) * cosine)
    }

    /// The decay of the average at a step, counted from 0.
    func emaDecay(at step: Int) -> Double { min(ema, Double(step + 1) / Double(step + 10)) }
}

/// What stops a run.
public enum TrainingError: Error, CustomStringConvertible, Sendable {
    case badConfiguration(key: String, expected: String)
    case unreadable(file: String, reason: String)
    case diverged(step: Int)
    case otherRun(folder: String)

    public var description: String {
        switch self {
        case .badConfiguration(let key, let expected): "the configuration's '\(key)' should be \(expected)"
        case .unreadable(let file, let reason): "\(file) cannot be read: \(reason)"
        case .diverged(let step):
            "the loss is not a number at step \(step); the last saved state is good: resume it with a lower rate"
        case .otherRun(let folder):
            "\(folder) holds a run with another configuration; choose another --run or remove that folder"
        }
    }
}
