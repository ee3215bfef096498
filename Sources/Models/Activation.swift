import Torch

/// A pointwise activation by its name in a configuration.
public enum Activation: String, CaseIterable, Codable, Sendable {
    /// x · sigmoid(1.702 x), OpenAI's approximation of GELU.
    case quickGELU = "quick_gelu"
    /// x · Φ(x), with the error function.
    case gelu

    func callAsFunction(_ x: Tensor) -> Tensor {
        switch self {
        case .quickGELU: x * (x * 1.702).sigmoid()
        case .gelu: x.gelu()
        }
    }
}

extension ConfigurationReader {
    func activation(_ key: ConfigurationKey, default fallback: Activation) throws -> Activation {
        let name = try string(key, default: fallback.rawValue)
        guard let activation = Activation(rawValue: name) else {
            let known = Activation.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
            throw unsupported(key, "\"\(name)\"", known)
        }
        return activation
    }
}
