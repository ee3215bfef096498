/// What can be wrong with a scheduler configuration, a request to sample, or a denoiser's answer.
public enum DiffusionError: Error, Equatable, Sendable {
    /// The configuration names a scheduler class that Limn does not have.
    case unknownScheduler(name: String, supported: [String])
    /// No known scheduler has an option of this name.
    case unknownOption(scheduler: String, option: String)
    /// The option exists, but not with this value.
    case unsupportedValue(scheduler: String, option: String, value: String, expected: String)
    /// Each option is supported, but not these together.
    case unsupportedCombination(scheduler: String, reason: String)
    /// The schedule cannot be walked in that many steps, or not from that step.
    case invalidSteps(scheduler: String, steps: Int, reason: String)
    /// The denoiser's output does not fit the sample that it was given.
    case unexpectedOutput(sample: [Int], output: [Int], expected: String)
    /// A batch does not fit the generators, the recorded draws or the timesteps that it came with.
    case unexpectedBatch(what: String, shape: [Int], expected: String)
    /// A replay asked for more draws than were recorded.
    case noiseExhausted(label: String, recorded: Int)
    /// A timestep lies outside the schedule.
    case timestepOutOfRange(timestep: Int, count: Int)
    /// A recording of a scheduler's run lacks a tensor.
    case missingRecording(name: String)
}

extension DiffusionError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownScheduler(let name, let supported):
            "scheduler class “\(name)” is not supported; use one of \(supported.joined(separator: ", "))"
        case .unknownOption(let scheduler, let option):
            "\(scheduler) has no option “\(option)”; remove it or correct its spelling"
        case .unsupportedValue(let scheduler, let option, let value, let expected):
            "\(scheduler): option “\(option)” is \(value), expected \(expected)"
        case .unsupportedCombination(let scheduler, let reason):
            "\(scheduler): \(reason)"
        case .invalidSteps(let scheduler, let steps, let reason):
            "\(scheduler) cannot run \(steps) steps: \(reason)"
        case .unexpectedOutput(let sample, let output, let expected):
            "the denoiser answered a sample of shape \(sample) with shape \(output), expected \(expected)"
        case .unexpectedBatch(let what, let shape, let expected):
            "\(what) has shape \(shape), expected \(expected)"
        case .noiseExhausted(let label, let recorded):
            "no recorded noise is left for “\(label)”: all \(recorded) draws were used"
        case .timestepOutOfRange(let timestep, let count):
            "timestep \(timestep) is outside the schedule, expected 0 to \(count - 1)"
        case .missingRecording(let name):
            "the recording has no tensor “\(name)”"
        }
    }
}
