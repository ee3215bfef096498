/// An opaque sRGB colour, 8 bits a channel.
public struct Color: Hashable, Sendable {
    public var red: UInt8
    public var green: UInt8
    public var blue: UInt8

    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    public init(grey: UInt8) {
        self.init(red: grey, green: grey, blue: grey)
    }

    public static let white = Color(grey: 255)
    public static let black = Color(grey: 0)

    /// ITU-R BT.601 luma in 16-bit fixed point, rounded.
    public var luma: UInt8 {
        let weighted: Int = Int(red) * 19595 + Int(green) * 38470 + Int(blue) * 7471
        return UInt8((weighted + 0x8000) >> 16)
    }

    /// As the samples of one opaque pixel with that many channels.
    func samples(channels: Int) -> [UInt8] {
        (channels < 3 ? [luma] : [red, green, blue]) + (channels.isMultiple(of: 2) ? [255] : [])
    }
}
