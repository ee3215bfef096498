import ContentPolicy
import Foundation
import Imaging
import NIOPosix
import Service
import Store

/// The pictures that come with an edit or a variation: checked by their headers, decided on, and kept for the job.
struct InputPictures: Sendable {
    let pictures: Pictures
    let policy: Policy

    /// 16 megapixels: far more than any client sends in 4 MB of photograph, and little memory.
    private static let limits = DecodeLimits(maxPixels: 16 << 20, maxBytes: ImageFields.pictureLimit)

    /// Puts the pictures of a request into it.
    /// - Returns: what the policy decided on them.
    /// - Throws: `APIError`.
    func add(_ values: FieldValues, to request: inout JobRequest, owner: User.ID) async throws -> [PolicyDecision] {
        guard let image = values.files["image"] else { return [] }
        let mask = values.files["mask"]
        try await NIOThreadPool.singleton.runIfActive { [task = request.task] in
            let header = try Self.header(of: image)
            if let mask { try Self.check(mask, for: header) }
            if task == .inpaint, mask == nil { try Self.checkAlpha(of: image, header) }
        }
        let decision = try await policy.decision(onUpload: image)
        if decision?.verdict != .refused {
            request.picture = try await keep(image, as: .input, "image", owner)
            if let mask { request.mask = try await keep(mask, as: .mask, "mask", owner) }
        }
        return [decision].compactMap(\.self)
    }

    private func keep(_ bytes: Data, as origin: Picture.Origin, _ name: String, _ owner: User.ID) async throws
        -> Picture.ID
    {
        try await pictures.add(bytes, origin: origin, owner: owner, limits: Self.limits).id
    }

    private static func header(of image: Data) throws -> ImageHeader {
        guard let header = try? ImageHeader(decoding: image, limits: limits), header.format == .png,
            image.count < ImageFields.pictureLimit
        else { throw APIError.invalidImage }
        guard header.width == header.height else {
            throw APIError.invalid(
                "Invalid input image - expected an image with equal width and height, got "
                    + "\(header.width)x\(header.height) instead.", param: "image")
        }
        // The whole of it must be readable: a job must not be taken that cannot be drawn.
        guard (try? ImageBuffer(decoding: image, limits: limits)) != nil else { throw APIError.invalidImage }
        return header
    }

    private static func check(_ mask: Data, for image: ImageHeader) throws {
        guard let header = try? ImageHeader(decoding: mask, limits: limits), header.format == .png,
            (try? ImageBuffer(decoding: mask, limits: limits)) != nil
        else {
            var error = APIError.invalidImage
            error.param = "mask"
            throw error
        }
        guard header.width == image.width, header.height == image.height else {
            throw invalidMask("mask size does not match image size")
        }
        guard hasAlpha(header) else { throw invalidMask("mask image missing alpha channel") }
    }

    private static func invalidMask(_ message: String) -> APIError {
        APIError(
            .badRequest, "Invalid mask image format - \(message)", type: "image_generation_user_error", param: "mask",
            code: "invalid_mask_image_format")
    }

    private static func checkAlpha(of image: Data, _ header: ImageHeader) throws {
        guard !hasAlpha(header) else { return }
        let mode = header.channels == 1 ? "L" : "RGB"
        throw APIError.invalid(
            "Invalid input image - format must be in ['RGBA', 'LA', 'L'], got \(mode).", param: "image")
    }

    private static func hasAlpha(_ header: ImageHeader) -> Bool { header.channels == 2 || header.channels == 4 }
}
