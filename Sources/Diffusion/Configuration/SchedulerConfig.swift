/// A scheduler's configuration, as `scheduler_config.json` holds it: the reference's class and option names.
///
/// Every option is checked when the configuration is made, so a solver made from it cannot meet an unknown one.
/// Options are read by their names; each is present, because the class's defaults fill those that a file leaves out.
public struct SchedulerConfig: Hashable, Sendable {
    public let kind: SchedulerKind
    /// Every option of the class.
    public let options: [String: OptionValue]

    /// A configuration of a class with the given options, and the class's defaults for the others.
    ///
    /// Options of other schedulers are passed over, as the reference does; names beginning with `_` are its bookkeeping.
    /// - Throws: `DiffusionError` naming the first option that no scheduler has or whose value is not supported.
    public init(_ kind: SchedulerKind, _ given: [String: OptionValue] = [:]) throws {
        let rules = kind.rules
        var options = rules.mapValues(\.initial)
        for (name, value) in given.sorted(by: { $0.key < $1.key }) where !name.hasPrefix("_") {
            guard let rule = rules[name] else {
                guard OptionTable.known.contains(name) else {
                    throw DiffusionError.unknownOption(scheduler: kind.rawValue, option: name)
                }
                continue
            }
            guard let checked = rule.checked(value) else {
                throw DiffusionError.unsupportedValue(
                    scheduler: kind.rawValue, option: name, value: value.description, expected: rule.expectation)
            }
            options[name] = checked
        }
        self.kind = kind
        self.options = options
        try checkCombinations()
    }

    /// The same for a class named as in `_class_name`.
    public init(className: String, _ given: [String: OptionValue] = [:]) throws {
        guard let kind = SchedulerKind(rawValue: className) else {
            throw DiffusionError.unknownScheduler(
                name: className, supported: SchedulerKind.allCases.map(\.rawValue))
        }
        try self.init(kind, given)
    }

    /// A configuration whose class is not named: that of the first class that has all the given options.
    /// - Throws: `DiffusionError.unknownScheduler` where there is none.
    public init(unnamed given: [String: OptionValue]) throws {
        let names = given.keys.filter { !$0.hasPrefix("_") }
        guard let kind = SchedulerKind.allCases.first(where: { kind in names.allSatisfy { kind.rules[$0] != nil } })
        else {
            throw DiffusionError.unknownScheduler(
                name: "with the options \(names.sorted().joined(separator: ", "))",
                supported: SchedulerKind.allCases.map(\.rawValue))
        }
        try self.init(kind, given)
    }

    /// This configuration with some options changed.
    public func with(_ changes: [String: OptionValue]) throws -> SchedulerConfig {
        try SchedulerConfig(kind, options.merging(changes) { _, new in new })
    }

    /// The configuration of another solver for the same trained model: schedule, parameterisation,
    /// limits and, where it names them, the spacing of timesteps are kept.
    ///
    /// A static clip of ±1 becomes dynamic thresholding with a maximum of 1, which is the same, in the solvers that
    /// know no other; a wider clip cannot be carried over to them and is dropped.
    public func converted(to kind: SchedulerKind) throws -> SchedulerConfig {
        let shared: Set<String> = [
            "num_train_timesteps", "log_snr_shift", "beta_start", "beta_end", "beta_schedule", "trained_betas",
            "rescale_betas_zero_snr", "prediction_type", "thresholding", "dynamic_thresholding_ratio",
            "sample_max_value", "clip_sample", "clip_sample_range",
        ]
        var kept = options.filter { shared.contains($0.key) }
        // What a model says of its timesteps counts for all solvers; what it leaves open each has its own way with.
        for name in ["timestep_spacing", "steps_offset"] where kind.rules[name] != nil {
            if let said = options[name], said != self.kind.rules[name]?.initial { kept[name] = said }
        }
        let clipsToOne = flag("clip_sample") && !flag("thresholding") && number("clip_sample_range") == 1
        if clipsToOne && kind.rules["clip_sample"] == nil {
            kept["thresholding"] = true
            kept["sample_max_value"] = 1.0
        }
        return try SchedulerConfig(kind, kept)
    }

    /// Whether steps use a variance that the network predicts.
    public var learnsVariance: Bool { text("variance_type").hasPrefix("learned") }

    private func checkCombinations() throws {
        if let betas = numbers("trained_betas") {
            guard betas.count >= 2, betas.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
                throw unsupported("“trained_betas” must hold at least two numbers from 0 to 1")
            }
            guard betas.count == integer("num_train_timesteps") else {
                throw unsupported(
                    "“trained_betas” holds \(betas.count) numbers, “num_train_timesteps” is "
                        + "\(integer("num_train_timesteps")); they must agree")
            }
        }
        if flag("use_karras_sigmas") && flag("use_exponential_sigmas") {
            throw unsupported("“use_karras_sigmas” and “use_exponential_sigmas” exclude each other")
        }
        if kind == .dpmSolver, !text("algorithm_type").hasSuffix("++"), text("final_sigmas_type") == "zero" {
            throw unsupported(
                "“algorithm_type” \(text("algorithm_type")) needs “final_sigmas_type” sigma_min")
        }
        if text("algorithm_type") == "sde-dpmsolver", integer("solver_order") == 3 {
            throw unsupported("“algorithm_type” sde-dpmsolver has no third order")
        }
    }

    func unsupported(_ reason: String) -> DiffusionError {
        .unsupportedCombination(scheduler: kind.rawValue, reason: reason)
    }
}

// Reading options. An option that the class does not have reads as off, zero or empty.
extension SchedulerConfig {
    func flag(_ name: String) -> Bool { options[name] == .flag(true) }
    func number(_ name: String) -> Double { optionalNumber(name) ?? 0 }
    func optionalNumber(_ name: String) -> Double? { options[name]?.asNumber }

    func integer(_ name: String) -> Int {
        if case .integer(let value) = options[name] { value } else { 0 }
    }

    func text(_ name: String) -> String {
        if case .text(let value) = options[name] { value } else { "" }
    }

    func numbers(_ name: String) -> [Double]? {
        if case .list(let values) = options[name] { values.compactMap(\.asNumber) } else { nil }
    }
}

extension SchedulerConfig: Codable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
        static let className = Key(stringValue: "_class_name")
    }

    /// Reads `scheduler_config.json`. The reference writes `-Infinity`, which is not JSON:
    /// let the decoder allow JSON5.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let name = try container.decode(String.self, forKey: .className)
        var given: [String: OptionValue] = [:]
        for key in container.allKeys where !key.stringValue.hasPrefix("_") {
            given[key.stringValue] = try container.decode(OptionValue.self, forKey: key)
        }
        try self.init(className: name, given)
    }

    /// Writes what the reference reads. What JSON cannot hold (an infinite default) and what the reference does not
    /// know (a shift of zero) is left out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(kind.rawValue, forKey: .className)
        for (name, value) in options where name != "log_snr_shift" || value != .number(0) {
            if case .number(let number) = value, !number.isFinite { continue }
            try container.encode(value, forKey: Key(stringValue: name))
        }
    }
}
