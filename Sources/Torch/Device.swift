import CTorch

/// Where a tensor lives and is computed.
public struct Device: Hashable, Sendable, CustomStringConvertible {
    /// The raw value is c10::DeviceType's number.
    public enum Kind: Int32, Sendable, CaseIterable {
        case cpu = 0
        case cuda = 1
        case mps = 13
    }

    public var kind: Kind
    public var index: Int32

    public init(_ kind: Kind, index: Int32 = 0) {
        self.kind = kind
        self.index = kind == .cpu ? -1 : index
    }

    public static let cpu = Device(.cpu)
    public static let mps = Device(.mps)
    public static func cuda(_ index: Int32 = 0) -> Device { Device(.cuda, index: index) }

    public var description: String { kind == .cuda ? "cuda:\(index)" : String(describing: kind) }

    /// A device by the name a user gives: `cpu`, `cuda`, `cuda:1`, `mps`, or `auto` for the fastest one here.
    ///
    /// Throws `TorchError` of kind `.device` where the name is unknown or this machine lacks the device.
    public static func named(_ name: String) throws(TorchError) -> Device {
        let words = name.lowercased().split(separator: ":", maxSplits: 1)
        switch words.first.map(String.init) {
        case "auto" where words.count == 1:
            return ct_load_cuda() ? .cuda() : ct_has_mps() ? .mps : .cpu
        case "cpu" where words.count == 1:
            return .cpu
        case "mps" where words.count == 1:
            guard ct_has_mps() else {
                throw .missing("mps", why: "this build of libtorch or this machine has no Metal device")
            }
            return .mps
        case "cuda":
            guard let index = words.count == 1 ? 0 : Int32(words[1]) else { break }
            guard ct_load_cuda() else {
                throw .missing(name, why: "libtorch has no CUDA part beside it, or no NVIDIA driver answers")
            }
            guard index >= 0, index < ct_cuda_devices() else {
                throw .missing(name, why: "this machine has \(ct_cuda_devices()) CUDA devices")
            }
            return .cuda(index)
        default:
            break
        }
        throw TorchError(
            kind: .device, operation: "device",
            message: "unknown device '\(name)': expected auto, cpu, cuda, cuda:N or mps")
    }

    /// Whether it multiplies matrices faster in bfloat16 than in float32. An x86 CPU does with AMX; AVX-512's bfloat16
    /// instructions alone are slower, and without any they are imitated, many times slower.
    public var isFasterInBFloat16: Bool { kind == .cuda || (kind == .cpu && ct_cpu_has_fast_bfloat16()) }

    /// Waits until the device has finished all that it was given.
    public func synchronize() { ct_synchronize(kind.rawValue, index) }
}

extension TorchError {
    fileprivate static func missing(_ device: String, why: String) -> TorchError {
        TorchError(
            kind: .device, operation: "device", message: "device '\(device)' cannot be used: \(why); try --device cpu")
    }
}
