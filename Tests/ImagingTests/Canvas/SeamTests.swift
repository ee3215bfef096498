import Foundation
import Testing

@testable import Imaging

@Suite struct SeamTests {
    /// A soft texture over 96 × 96 pixels.
    private static func texture(_ gain: Float, _ offset: Float) throws -> ImageBuffer {
        var samples: [UInt8] = []
        for y in 0..<96 {
            for x in 0..<96 {
                for channel in 0..<3 {
                    let wave =
                        sin(Float(x) * 0.21 + Float(channel)) + cos(Float(y) * 0.17) + sin(Float(x + y) * 0.43) / 2
                    samples.append((gain * (128 + 30 * wave) + offset).sample)
                }
            }
        }
        return try ImageBuffer(width: 96, height: 96, channels: 3, samples: samples)
    }

    /// The mean step across x = 48, and the mean step between columns beside it.
    private static func steps(_ picture: ImageBuffer) -> (seam: Float, inside: Float) {
        func step(_ x: Int) -> Float {
            var sum: Float = 0
            for y in 0..<96 {
                for channel in 0..<3 {
                    sum += abs(
                        Float(picture.samples[(y * 96 + x) * 3 + channel])
                            - Float(picture.samples[(y * 96 + x - 1) * 3 + channel]))
                }
            }
            return sum / (96 * 3)
        }
        let inside = Array(2..<46) + Array(52..<94)
        return (step(48), inside.map(step).reduce(0, +) / Float(inside.count))
    }

    /// Painted with other gains and offsets, as a decoder does that shifts colours: the seam is no steeper than the picture.
    @Test(arguments: [(0.85, 20), (1.2, -25), (1.0, 40), (0.7, 60)] as [(Float, Float)])
    func `A seam is no steeper than the picture`(gain: Float, offset: Float) throws {
        let picture = try Self.texture(1, 0)
        let known = (0..<96 * 96).map { $0 % 96 < 48 }
        let painted = try Self.texture(gain, offset)
        let joined = Seam(known: known, width: 96, height: 96).joined(painted, to: picture)
        func composite(_ right: ImageBuffer) -> ImageBuffer {
            var result = picture
            for pixel in known.indices where !known[pixel] {
                for index in pixel * 3..<pixel * 3 + 3 { result.samples[index] = right.samples[index] }
            }
            return result
        }
        let (before, after) = (Self.steps(composite(painted)), Self.steps(composite(joined)))
        #expect(after.seam / after.inside < 1.3, "\(after)")
        #expect(before.seam / before.inside > after.seam / after.inside + 0.2, "\(before), \(after)")
        for pixel in known.indices where known[pixel] {
            #expect(joined.pixel(pixel) == painted.pixel(pixel))
        }
    }

    @Test func `Gain and offset are found among outliers, and clamped`() throws {
        let known = try Self.texture(1.1, -12)
        var painted = try Self.texture(1, 0)
        let all = Array(0..<96 * 96)
        for pixel in all.prefix(1200) {
            for index in pixel * 3..<pixel * 3 + 3 { painted.samples[index] = 0 }
        }
        let match = ColourMatch(painted, to: known, over: all)
        for channel in 0..<3 {
            #expect(abs(match.gain[channel] - 1.1) < 0.03, "\(match)")
            #expect(abs(match.offset[channel] + 12) < 4, "\(match)")
        }
        let far = ColourMatch(try Self.texture(0.1, 0), to: try Self.texture(1, 0), over: all)
        #expect(far.gain.allSatisfy { $0 == 1.25 } && far.offset.allSatisfy { $0 == 32 })
    }

    @Test func `A few pixels, and flat ones, change no contrast`() throws {
        let (known, painted) = (try Self.texture(1, 0), try Self.texture(0.8, 0))
        #expect(ColourMatch(painted, to: known, over: [1, 2, 3]) == .none)
        let white = try ImageBuffer(width: 96, height: 96, color: .white)
        let cream = try ImageBuffer(width: 96, height: 96, color: Color(grey: 245))
        let match = ColourMatch(cream, to: white, over: Array(0..<96 * 96))
        #expect(match.gain.allSatisfy { abs($0 - 1) < 0.01 } && match.offset.allSatisfy { abs($0 - 10) < 3 })
    }

    @Test func `Distances are exact`() {
        var dice = Dice(5)
        for _ in 0..<20 {
            let (width, height) = (dice.roll(1...14), dice.roll(1...14))
            let set = (0..<width * height).map { _ in dice.roll(0...9) == 0 }
            let map = DistanceMap(to: set, width: width, height: height)
            for index in set.indices {
                func distance(_ other: Int) -> Float {
                    let (dx, dy) = (other % width - index % width, other / width - index / width)
                    return Float(dx * dx + dy * dy).squareRoot()
                }
                let least = set.indices.filter { set[$0] }.map(distance).min()
                #expect(map[index] == least ?? .infinity)
                #expect(map.nearest[index] < 0 ? least == nil : distance(Int(map.nearest[index])) == least)
            }
        }
    }
}
