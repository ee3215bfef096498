import Foundation
import HTTPTypes
import HummingbirdTesting
import Imaging
import Testing

@testable import Server

/// Edits and variations.
@Suite("Forms of /v1")
struct FormTests {
    private static let edits = "/v1/images/edits"
    private static let variations = "/v1/images/variations"

    /// A gradient with an alpha; the middle is transparent where `hole` says so.
    private static func png(_ width: Int = 64, _ height: Int = 64, channels: Int = 4, hole: Bool = false) throws -> Data
    {
        var samples: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                let isHole =
                    hole && (width / 4..<width * 3 / 4).contains(x) && (height / 4..<height * 3 / 4).contains(y)
                samples += [UInt8(x * 3 % 256), UInt8(y * 3 % 256), 90, isHole ? 0 : 255].prefix(channels)
            }
        }
        return try ImageBuffer(width: width, height: height, channels: channels, samples: samples).encoded(as: .png)
    }

    private static func form(
        _ files: [(name: String, data: Data)], _ fields: [(name: String, value: String)] = []
    ) -> TestForm {
        TestForm(fields: [("size", "256x256"), ("response_format", "b64_json")] + fields, files: files)
    }

    private func asAnn(
        _ body: @Sendable (any TestClientProtocol, HTTPFields) async throws -> Void
    ) async throws {
        let server = try TestServer()
        let ann = try await server.person("ann")
        try await server.test { try await body($0, ann.withKey) }
    }

    @Test func anEditKeepsWhatTheMaskKeeps() async throws {
        try await asAnn { client, headers in
            let (image, mask) = (try Self.png(256, 256), try Self.png(256, 256, hole: true))
            let response = try await client.post(
                Self.edits, headers, Self.form([("image", image), ("mask", mask)], [("prompt", "a pool")]))
            #expect(response.status == .ok, "\(response.text.prefix(200))")
            let file = try #require(Data(base64Encoded: response.json["data"][0]["b64_json"].string))
            let (before, after) = (try ImageBuffer(decoding: image), try ImageBuffer(decoding: file))
            let kept = try Mask(alphaOf: ImageBuffer(decoding: mask)).coverage.samples
            var (changed, differing) = (0, 0)
            for pixel in 0..<256 * 256 {
                let isSame = (0..<3).allSatisfy {
                    before.samples[pixel * 4 + $0] == after.samples[pixel * after.channels + $0]
                }
                if kept[pixel] == 255, !isSame { differing += 1 }
                if kept[pixel] == 0, !isSame { changed += 1 }
            }
            #expect(differing == 0 && changed > 10_000)
        }
    }

    @Test func withoutAMaskThePicturesOwnAlphaIsTheMask() async throws {
        try await asAnn { client, headers in
            let own = Self.form([("image", try Self.png(hole: true))], [("prompt", "a pool")])
            #expect(try await client.post(Self.edits, headers, own).status == .ok)
            let none = Self.form([("image", try Self.png(channels: 3))], [("prompt", "a pool")])
            let refused = try await client.post(Self.edits, headers, none)
            #expect(refused.status == .badRequest)
            #expect(
                refused.json["error"]["message"]
                    == "Invalid input image - format must be in ['RGBA', 'LA', 'L'], got RGB.")
        }
    }

    @Test func masksThatDoNotFitAreTold() async throws {
        try await asAnn { client, headers in
            for (mask, words) in [
                (try Self.png(32, 32, hole: true), "mask size does not match image size"),
                (try Self.png(channels: 3), "mask image missing alpha channel"),
            ] {
                let form = Self.form([("image", try Self.png()), ("mask", mask)], [("prompt", "a pool")])
                let error = try await client.post(Self.edits, headers, form).json["error"]
                #expect(error["message"].string.hasSuffix(words))
                #expect(error["type"] == "image_generation_user_error" && error["code"] == "invalid_mask_image_format")
            }
        }
    }

    @Test(arguments: ["image", "image[]"])
    func aVariationTakesItsPictureByEitherName(name: String) async throws {
        try await asAnn { client, headers in
            let form = Self.form([(name, try Self.png())], [("n", "2")])
            let response = try await client.post(Self.variations, headers, form)
            #expect(response.status == .ok && response.json["data"].count == 2)
        }
    }

    @Test func filesThatAreNoUsablePictureAreTold() async throws {
        try await asAnn { client, headers in
            let square = "Invalid input image - expected an image with equal width and height, got 64x32 instead."
            let notPNG = "Uploaded image must be a PNG and less than 4 MB."
            let damaged = try Self.png(256, 256).prefix(500)
            // 17.6 megapixels in a few kilobytes.
            let bomb = try ImageBuffer(width: 4200, height: 4200, channels: 1, color: .white).encoded(as: .png)
            let cases: [(Data, String)] = [
                (try Self.png(64, 32), square), (Data("no picture".utf8), notPNG), (Data(), notPNG),
                (try ImageBuffer(decoding: Self.png(channels: 3)).encoded(as: .jpeg(quality: 80)), notPNG),
                (damaged, notPNG), (bomb, notPNG), (try Self.png() + Data(count: 4 << 20), notPNG),
            ]
            for (file, message) in cases {
                let response = try await client.post(Self.variations, headers, Self.form([("image", file)]))
                #expect(response.status == .badRequest)
                #expect(response.json["error"]["message"].string == message, "\(file.count) bytes")
            }
            let missing = try await client.post(Self.variations, headers, Self.form([]))
            #expect(missing.json["error"]["message"] == "'image' is a required property")
        }
    }

    @Test func aBodyOverItsCapIsRefused() async throws {
        try await asAnn { client, headers in
            let large = Self.form([("image", Data(count: 10 << 20))])
            #expect(try await client.post(Self.variations, headers, large).status == .contentTooLarge)
            let long = JSONValue.string(String(repeating: "a", count: 2 << 20))
            let text = try await client.send(.post, "/v1/images/generations", headers, ["prompt": long])
            #expect(text.status == .contentTooLarge && text.json["error"]["type"] == "invalid_request_error")
        }
    }

    @Test func anotherKindOfBodyIsRefused() async throws {
        try await asAnn { client, headers in
            let json = try await client.send(.post, Self.edits, headers, ["prompt": "a pool"])
            let form = try await client.post("/v1/images/generations", headers, Self.form([], [("prompt", "a pool")]))
            #expect(json.status == .unsupportedMediaType && form.status == .unsupportedMediaType)
        }
    }

    /// A client that asks again makes its form anew, with another boundary: the fields and files count.
    @Test func aRetryJoinsWhateverItsBoundary() async throws {
        try await asAnn { client, headers in
            let file = try Self.png()
            var form = Self.form([("image", file)], [("user", "somebody")])
            let first = try await client.post(Self.variations, headers, form)
            var retrying = headers
            retrying[.retryCount] = "1"
            form.boundary = "another"
            form.fields.reverse()
            let again = try await client.post(Self.variations, retrying, form)
            #expect(first.status == .ok && again.json["data"] == first.json["data"])
            #expect(again.header("x-ratelimit-remaining-images") == "49")
            form.files = [("image", try Self.png(32, 32))]
            let other = try await client.post(Self.variations, retrying, form)
            #expect(other.status == .ok && other.json["data"] != first.json["data"])
        }
    }
}
