import CVipsShim
import Foundation

/// libvips' words for a failure, one line.
struct VipsFault: Error {
    let text: String

    init(_ fault: LimnVipsFault) {
        text = withUnsafeBytes(of: fault.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

/// Starts libvips once for the process, when it is first needed.
enum VipsRuntime {
    private static let started: Result<Void, ImageError> = {
        var fault = LimnVipsFault()
        return limn_vips_start(&fault) == 0 ? .success(()) : .failure(.unavailable(VipsFault(fault).text))
    }()

    static func start() throws { try started.get() }
}

/// A libvips picture: a recipe whose pixels are computed when they are read. Stays on the thread that made it.
final class VipsPicture {
    private let handle: OpaquePointer

    private init(_ make: (UnsafeMutablePointer<LimnVipsFault>) -> OpaquePointer?) throws {
        try VipsRuntime.start()
        var fault = LimnVipsFault()
        guard let handle = make(&fault) else { throw VipsFault(fault) }
        self.handle = handle
    }

    deinit { limn_vips_close(handle) }

    /// Reads the header. `bytes` must outlive this and all that is made from it.
    convenience init(header bytes: UnsafeRawBufferPointer, format: ImageFormat) throws {
        try self.init { limn_vips_open(bytes.baseAddress, bytes.count, format.vipsCode, $0) }
    }

    /// Grey coverage of plain text.
    convenience init(text: String, width: Int, pixelsPerEm: Int) throws {
        try self.init { limn_vips_text(text, Int32(width), Int32(pixelsPerEm), $0) }
    }

    /// 8-bit grey or sRGB, with or without alpha, upright.
    func normalized() throws -> VipsPicture {
        try VipsPicture { limn_vips_normalize(handle, $0) }
    }

    var uprightSize: (width: Int, height: Int, channels: Int) {
        let size = limn_vips_upright_size(handle)
        return (Int(size.width), Int(size.height), Int(size.channels))
    }

    var xmp: Data? {
        var count = 0
        return limn_vips_xmp(handle, &count).map { Data(bytes: $0, count: count) }
    }

    /// Computes the pixels.
    func read() throws -> ImageBuffer {
        let size = limn_vips_size(handle)
        let (width, height, channels) = (Int(size.width), Int(size.height), Int(size.channels))
        try ImageBuffer.check(width: width, height: height, channels: channels)
        return try ImageBuffer(unchecked: width, height, channels, count: width * height * channels) { samples in
            var fault = LimnVipsFault()
            guard limn_vips_read(handle, samples.baseAddress, &fault) == 0 else { throw VipsFault(fault) }
        }
    }
}

extension ImageFormat {
    var vipsCode: Int32 {
        switch self {
        case .png: Int32(LIMN_VIPS_PNG)
        case .jpeg: Int32(LIMN_VIPS_JPEG)
        case .webp: Int32(LIMN_VIPS_WEBP)
        }
    }
}

extension ImageBuffer {
    /// - Parameter quality: 1…100; PNG takes none.
    func vipsEncoded(format: ImageFormat, quality: Int, lossless: Bool, xmp: Data) throws -> Data {
        try VipsRuntime.start()
        let size = LimnVipsSize(width: Int32(width), height: Int32(height), channels: Int32(channels))
        var fault = LimnVipsFault()
        var count = 0
        let encoded = xmp.withUnsafeBytes { xmp in
            let encoding = LimnVipsEncoding(
                format: format.vipsCode, quality: Int32(quality), lossless: lossless ? 1 : 0,
                xmp: xmp.isEmpty ? nil : xmp.baseAddress, xmp_count: xmp.count)
            return limn_vips_encode(samples, size, encoding, &count, &fault)
        }
        guard let encoded else { throw VipsFault(fault) }
        return Data(bytesNoCopy: encoded, count: count, deallocator: .custom { bytes, _ in limn_vips_free(bytes) })
    }
}
