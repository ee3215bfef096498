extension Tensor {
    public static func + (a: Tensor, b: Tensor) -> Tensor { a.add(b) }
    public static func - (a: Tensor, b: Tensor) -> Tensor { a.sub(b) }
    public static func * (a: Tensor, b: Tensor) -> Tensor { a.mul(b) }
    public static func / (a: Tensor, b: Tensor) -> Tensor { a.div(b) }
    public static func + (a: Tensor, b: Double) -> Tensor { a.addScalar(b) }
    public static func - (a: Tensor, b: Double) -> Tensor { a.addScalar(-b) }
    public static func * (a: Tensor, b: Double) -> Tensor { a.mulScalar(b) }
    public static func / (a: Tensor, b: Double) -> Tensor { a.divScalar(b) }
    public static func + (a: Double, b: Tensor) -> Tensor { b.addScalar(a) }
    public static func - (a: Double, b: Tensor) -> Tensor { b.rsubScalar(a) }
    public static func * (a: Double, b: Tensor) -> Tensor { b.mulScalar(a) }
    public static func / (a: Double, b: Tensor) -> Tensor { b.rdivScalar(a) }
    public static prefix func - (a: Tensor) -> Tensor { a.neg() }

    /// Equal parts along a dimension, the last one smaller where it does not divide.
    public func chunk(_ parts: Int, dim: Int) -> [Tensor] {
        let whole = size(dim)
        let length = max(1, (whole + parts - 1) / max(1, parts))
        return stride(from: 0, to: whole, by: length).map {
            narrow(dim: dim, start: $0, length: Swift.min(length, whole - $0))
        }
    }

    /// Parts of the given lengths along a dimension.
    public func split(_ lengths: [Int], dim: Int) -> [Tensor] {
        var start = 0
        return lengths.map { length in
            defer { start += length }
            return narrow(dim: dim, start: start, length: length)
        }
    }

    /// How `interpolate` fills in.
    public enum Interpolation: Sendable { case nearest, bilinear, bicubic, area }

    /// The picture (N, C, H, W) at another size (height, width), corners not aligned.
    public func interpolate(size: [Int], mode: Interpolation, antialias: Bool = false) -> Tensor {
        switch mode {
        case .nearest: upsampleNearest(size: size)
        case .bilinear: upsampleBilinear(size: size, antialias: antialias)
        case .bicubic: upsampleBicubic(size: size, antialias: antialias)
        case .area: adaptiveAvgPool2d(size: size)
        }
    }
}
