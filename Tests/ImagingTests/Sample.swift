import Foundation
import Imaging
import Testing

/// An encoded picture and the pixels that Pillow reads from it.
struct Sample: CustomTestStringConvertible, Sendable {
    let name: String
    let file: Data
    let expected: ImageBuffer
    /// The largest difference of a sample: decoders of lossy formats round differently.
    let tolerance: Int

    init(
        _ name: String, _ width: Int, _ height: Int, _ channels: Int, tolerance: Int, file: String, pixels: String
    ) {
        self.name = name
        self.tolerance = tolerance
        self.file = Data(base64Encoded: file) ?? Data()
        let samples = [UInt8](Data(base64Encoded: pixels) ?? Data())
        guard let expected = try? ImageBuffer(width: width, height: height, channels: channels, samples: samples) else {
            preconditionFailure("the sample \(name) is malformed: run scripts/goldens/imaging.py")
        }
        self.expected = expected
    }

    var testDescription: String { name }

    static func named(_ name: String) -> Sample {
        guard let sample = all.first(where: { $0.name == name }) else { preconditionFailure("no sample \(name)") }
        return sample
    }
}

extension ImageBuffer {
    /// The largest difference of two samples; nil if sizes or channels differ.
    func maxDifference(from other: ImageBuffer) -> Int? {
        guard (width, height, channels) == (other.width, other.height, other.channels) else { return nil }
        return zip(samples, other.samples).map { abs(Int($0) - Int($1)) }.max()
    }

    /// Smooth, asymmetric, with every channel different.
    static func gradient(_ width: Int, _ height: Int, channels: Int) throws -> ImageBuffer {
        var samples: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                for channel in 0..<channels {
                    samples.append(UInt8((x * 200 / width + y * 40 / height + channel * 5) % 256))
                }
            }
        }
        return try ImageBuffer(width: width, height: height, channels: channels, samples: samples)
    }

    /// Reproducible noise (a linear congruential generator).
    static func noise(_ width: Int, _ height: Int, channels: Int, seed: UInt32 = 1) throws -> ImageBuffer {
        var state = seed
        let samples = (0..<width * height * channels).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(state >> 24)
        }
        return try ImageBuffer(width: width, height: height, channels: channels, samples: samples)
    }
}
