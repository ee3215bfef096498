import CTorch

/// Scopes of gradient recording. They belong to the calling thread and take plain closures, so none spans an `await`.
public enum Autograd {
    /// Runs without recording gradients.
    public static func noGrad<R>(_ body: () throws -> R) rethrows -> R {
        let before = ct_grad_mode()
        ct_set_grad_mode(false)
        defer { ct_set_grad_mode(before) }
        return try body()
    }

    /// Runs in inference mode: as `noGrad`, faster, and what it makes can never take part in training.
    public static func inference<R>(_ body: () throws -> R) rethrows -> R {
        let guardObject = ct_inference_begin()
        defer { ct_inference_end(guardObject) }
        return try body()
    }

    /// Runs with matrix products and convolutions in `dtype` and sums in float32, as PyTorch's autocast does.
    /// With float32 it only runs the body. A scope inside another one leaves the outer one as it was.
    public static func autocast<R>(_ dtype: DType, on device: Device, _ body: () throws -> R) rethrows -> R {
        guard dtype != .float32 else { return try body() }
        let before = ct_autocast_begin(device.kind.rawValue, dtype.rawValue)
        defer { ct_autocast_end(device.kind.rawValue, before) }
        return try body()
    }
}

extension Tensor {
    /// Whether gradients are recorded for this leaf.
    public var requiresGrad: Bool {
        get { ct_requires_grad(reference) }
        nonmutating set { ct_set_requires_grad(reference, newValue) }
    }

    /// Accumulates the gradients of this scalar in every leaf that requires one.
    public func backward() throws(TorchError) {
        _ = withExtendedLifetime(self) { ct_backward(reference) }
        try TorchError.check()
    }

    /// The accumulated gradient, if there is one.
    public var grad: Tensor? { ct_grad(reference).map { Tensor(owning: $0) } }

    public func clearGrad() { ct_clear_grad(reference) }
}
