import Torch

/// Keys and values of tokens that come one after the other, in memory that is there from the start.
final class KeyValueCache {
    private let key: Tensor
    private let value: Tensor

    /// - Parameter shape: (batch, heads, tokens at most, width of a head)
    init(_ shape: [Int], dtype: DType, device: Device) {
        key = .zeros(shape, dtype: dtype, device: device)
        value = .zeros(shape, dtype: dtype, device: device)
    }

    /// Keeps one more token.
    ///
    /// - Returns: all tokens up to it
    func taking(_ token: KeyValue, at position: Int) -> KeyValue {
        key.narrow(dim: 2, start: position, length: 1).copyInPlace(from: token.key)
        value.narrow(dim: 2, start: position, length: 1).copyInPlace(from: token.value)
        return KeyValue(
            key: key.narrow(dim: 2, start: 0, length: position + 1),
            value: value.narrow(dim: 2, start: 0, length: position + 1))
    }
}
