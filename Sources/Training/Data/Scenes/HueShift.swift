/// Turns the colours near one hue to another, and leaves the rest as they are.
struct HueShift: Codable, Equatable {
    /// In degrees, 0 ≤ hue < 360.
    var from: Double
    var to: Double

    /// How far from `from` a hue still counts as the same colour.
    static let reach = 40.0

    /// RGBA, colours multiplied by alpha: hue and saturation are the same as without.
    func apply(to pixels: PicturePack.Pixels) -> PicturePack.Pixels {
        var bytes = pixels.bytes
        for at in stride(from: 0, to: bytes.count, by: 4) {
            var color = HSV(red: bytes[at], green: bytes[at + 1], blue: bytes[at + 2])
            guard color.saturation > 0.15, HSV.distance(color.hue, from) <= Self.reach else { continue }
            color.hue = (color.hue + to - from + 720).truncatingRemainder(dividingBy: 360)
            (bytes[at], bytes[at + 1], bytes[at + 2]) = color.rgb
        }
        return PicturePack.Pixels(size: pixels.size, bytes: bytes)
    }
}

/// A colour by hue (degrees), saturation and value (0…1).
struct HSV {
    var hue: Double
    var saturation: Double
    var value: Double

    init(red: UInt8, green: UInt8, blue: UInt8) {
        let (r, g, b) = (Double(red), Double(green), Double(blue))
        let (high, low) = (max(r, g, b), min(r, g, b))
        value = high / 255
        saturation = high > 0 ? (high - low) / high : 0
        guard high > low else {
            hue = 0
            return
        }
        let sector =
            switch high {
            case r: (g - b) / (high - low)
            case g: (b - r) / (high - low) + 2
            default: (r - g) / (high - low) + 4
            }
        hue = (sector * 60 + 360).truncatingRemainder(dividingBy: 360)
    }

    var rgb: (UInt8, UInt8, UInt8) {
        func channel(_ offset: Double) -> UInt8 {
            let k = (offset + hue / 60).truncatingRemainder(dividingBy: 6)
            return UInt8((255 * (value - value * saturation * max(0, min(k, 4 - k, 1)))).rounded())
        }
        return (channel(5), channel(3), channel(1))
    }

    /// The angle between two hues, 0…180.
    static func distance(_ a: Double, _ b: Double) -> Double {
        let turn = abs(a - b).truncatingRemainder(dividingBy: 360)
        return min(turn, 360 - turn)
    }
}
