import Torch

/// y = x Wᵀ + b over the last dimension; weight (out, in).
public struct Linear {
    public let weight: Tensor
    public let bias: Tensor?

    public init(
        _ scope: ParameterScope, _ inputs: Int, _ outputs: Int, bias: Bool = true, initial: Initializer? = nil
    ) {
        weight = scope.parameter("weight", [outputs, inputs], initial ?? .fanIn(inputs))
        self.bias = bias ? scope.parameter("bias", [outputs], initial == nil ? .fanIn(inputs) : .zeros) : nil
    }

    public func callAsFunction(_ x: Tensor) -> Tensor { x.linear(weight, bias) }
}

/// A convolution of (N, in, H, W) with a square kernel; weight (out, in, k, k).
public struct Conv2d {
    public let weight: Tensor
    public let bias: Tensor?
    public let stride: Int
    public let padding: Int

    public init(
        _ scope: ParameterScope, _ inputs: Int, _ outputs: Int, kernel: Int = 3, stride: Int = 1, padding: Int? = nil,
        bias: Bool = true, initial: Initializer? = nil
    ) {
        let fan = inputs * kernel * kernel
        weight = scope.parameter("weight", [outputs, inputs, kernel, kernel], initial ?? .fanIn(fan))
        self.bias = bias ? scope.parameter("bias", [outputs], initial == nil ? .fanIn(fan) : .zeros) : nil
        self.stride = stride
        self.padding = padding ?? kernel / 2
    }

    public func callAsFunction(_ x: Tensor) -> Tensor { x.conv2d(weight, bias, stride: stride, padding: padding) }
}

/// Normalisation over groups of channels (Wu & He 2018).
public struct GroupNorm {
    public let weight: Tensor
    public let bias: Tensor
    public let groups: Int
    public let eps: Double

    public init(_ scope: ParameterScope, groups: Int, channels: Int, eps: Double = 1e-5) {
        weight = scope.parameter("weight", [channels], .ones)
        bias = scope.parameter("bias", [channels], .zeros)
        self.groups = groups
        self.eps = eps
    }

    public func callAsFunction(_ x: Tensor) -> Tensor { x.groupNorm(groups: groups, weight, bias, eps: eps) }
}

/// Normalisation over the last dimension.
public struct LayerNorm {
    public let weight: Tensor
    public let bias: Tensor
    public let eps: Double

    public init(_ scope: ParameterScope, _ width: Int, eps: Double = 1e-5) {
        weight = scope.parameter("weight", [width], .ones)
        bias = scope.parameter("bias", [width], .zeros)
        self.eps = eps
    }

    public func callAsFunction(_ x: Tensor) -> Tensor { x.layerNorm(shape: weight.shape, weight, bias, eps: eps) }
}

/// A table of vectors by id; weight (count, width).
public struct Embedding {
    public let weight: Tensor

    public init(_ scope: ParameterScope, _ count: Int, _ width: Int, initial: Initializer = .normal(std: 1)) {
        weight = scope.parameter("weight", [count, width], initial)
    }

    public func callAsFunction(_ ids: Tensor) -> Tensor { weight.embedding(ids) }
}
