import Checkpoints
import Diffusion

extension SchedulerConfig {
    /// A scheduler's configuration as a recorded call holds it, with or without its class.
    init(recorded json: JSON) throws {
        guard let members = json.object else {
            throw ConformanceError(.malformedCall, "a scheduler is not an object of options")
        }
        let options = members.compactMapValues(OptionValue.init)
        if let name = members["_class_name"]?.string {
            try self.init(className: name, options)
        } else {
            try self.init(unnamed: options)
        }
    }
}

extension OptionValue {
    /// nil for an object, which no option is.
    fileprivate init?(_ json: JSON) {
        switch json {
        case .null: self = .null
        case .bool(let flag): self = .flag(flag)
        case .integer(let integer): self = .integer(integer)
        case .number(let number): self = .number(number)
        case .string(let text): self = .text(text)
        case .array(let values): self = .list(values.compactMap(OptionValue.init))
        case .object: return nil
        }
    }
}
