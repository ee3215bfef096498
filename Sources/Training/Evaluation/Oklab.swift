import Foundation

/// A colour in Oklab (Ottosson 2020), where equal distances look about equally different. Lightness is 0…1.
struct Oklab: Sendable, Equatable {
    var lightness: Float
    var a: Float
    var b: Float

    init(lightness: Float, a: Float, b: Float) {
        self.lightness = lightness
        self.a = a
        self.b = b
    }

    /// Of an sRGB colour, 0…255 a channel.
    init(red: UInt8, green: UInt8, blue: UInt8) {
        let (r, g, b) = (Self.linear[Int(red)], Self.linear[Int(green)], Self.linear[Int(blue)])
        let l = cbrtf(0.41222147 * r + 0.53633254 * g + 0.05144599 * b)
        let m = cbrtf(0.21190350 * r + 0.68069955 * g + 0.10739696 * b)
        let s = cbrtf(0.08830246 * r + 0.28171884 * g + 0.62997870 * b)
        lightness = 0.21045426 * l + 0.79361779 * m - 0.00407205 * s
        a = 1.97799850 * l - 2.42859221 * m + 0.45059371 * s
        self.b = 0.02590404 * l + 0.78277177 * m - 0.80867577 * s
    }

    func squaredDistance(to other: Oklab) -> Float {
        let (x, y, z) = (lightness - other.lightness, a - other.a, b - other.b)
        return x * x + y * y + z * z
    }

    private static let linear: [Float] = (0...255).map { step in
        let value = Float(step) / 255
        return value <= 0.04045 ? value / 12.92 : powf((value + 0.055) / 1.055, 2.4)
    }
}
