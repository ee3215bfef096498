import Server

/// `multipart/form-data` as clients send it, and worse.
struct FormTarget: FuzzTarget {
    private static let boundary = "a-boundary"
    private static let limits = MultipartLimits(parts: 8, partBytes: 4096, headerBytes: 512)

    let seeds: [[UInt8]] = [
        form([
            #"Content-Disposition: form-data; name="prompt""#: "a cat",
            #"Content-Disposition: form-data; name="n""#: "2",
        ]),
        form([
            "Content-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\nContent-Type: image/png":
                "\u{89}PNG\r\n\u{1A}\n\r\n--a-bound"
        ]),
        form(["content-disposition: form-data; name=image[]; filename=\"a\\\"b;c.png\"": ""]),
        form(["Content-Disposition: form-data; name=\"\"; filename=": "\r\n\r\n"]),
        Array(
            "a preamble\r\n--a-boundary  \r\nContent-Disposition: form-data; name=x\r\n\r\n\r\n--a-boundary--\r\nend"
                .utf8),
        Array("--a-boundary--".utf8),
    ]

    let words = [
        "\r\n", "--a-boundary", "--a-boundary--", "\r\n--a-boundary\r\n", "\r\n\r\n", ";", "=", "\"", "\\\"", "name=",
        "filename*=UTF-8''%e2%82%ac", "Content-Disposition: form-data", "Content-Type:", "\0", "\u{FEFF}", ":",
    ].map { Array($0.utf8) }

    func repair(_ input: inout [UInt8]) {
        input.append(contentsOf: "\r\n--a-boundary--\r\n".utf8)
    }

    func accepts(_ input: [UInt8]) throws -> Bool {
        // The header comes from strangers too.
        _ = try? MultipartForm.boundary(ofContentType: String(decoding: input.prefix(200), as: UTF8.self))
        let form: MultipartForm
        do {
            form = try MultipartForm(parsing: input, boundary: Self.boundary, limits: Self.limits)
        } catch {
            guard !error.description.isEmpty else { throw FuzzFailure("an error without words") }
            return false
        }
        guard form.parts.count <= Self.limits.parts, form.parts.allSatisfy({ $0.data.count <= Self.limits.partBytes }),
            form.parts.reduce(0, { $0 + $1.data.count }) <= input.count
        else { throw FuzzFailure("more was read than the limits allow") }
        return true
    }

    private static func form(_ parts: KeyValuePairs<String, String>) -> [UInt8] {
        let bodies = parts.map { "--\(boundary)\r\n\($0.key)\r\n\r\n\($0.value)\r\n" }
        return Array((bodies.joined() + "--\(boundary)--\r\n").utf8)
    }
}
