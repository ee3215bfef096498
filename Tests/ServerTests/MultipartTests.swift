import Server
import Testing

@Suite struct MultipartTests {
    private func parse(_ body: String, _ limits: MultipartLimits = .init()) throws -> [MultipartForm.Part] {
        try MultipartForm(parsing: Array(body.utf8), boundary: "b", limits: limits).parts
    }

    private func text(_ part: MultipartForm.Part?) -> String? { part.map { String(decoding: $0.data, as: UTF8.self) } }

    @Test func `Parts come in order, with what was declared`() throws {
        let parts = try parse(
            """
            --b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\na cat\r\n\
            --b\r\ncontent-type: image/png\r\ncontent-disposition: form-data; name="image"; filename="a.png"\r\n\r\n\
            \r\n-\r\n--c\r\n\
            --b--\r\n
            """)
        #expect(parts.map(\.name) == ["prompt", "image"])
        #expect(parts.map(text) == ["a cat", "\r\n-\r\n--c"])
        #expect(parts.map(\.filename) == [nil, "a.png"] && parts.map(\.contentType) == [nil, "image/png"])
    }

    @Test(
        arguments: [
            (#"form-data; name="a\"b""#, "a\"b", nil), (#"form-data; name=plain ; filename=x.png"#, "plain", "x.png"),
            (#"FORM-DATA; NAME="image[]"; filename="""#, "image[]", ""),
            (#"form-data; name="a;b"; name="c""#, "a;b", nil),
            (#"form-data; filename="C:\dir\a.png"; name=n"#, "n", #"C:\dir\a.png"#),
        ] as [(String, String, String?)])
    func `Names are read as clients write them`(_ header: String, _ name: String, _ filename: String?) throws {
        let part = try parse("--b\r\nContent-Disposition: \(header)\r\n\r\nx\r\n--b--").first
        #expect(part?.name == name && part?.filename == filename)
    }

    @Test func `A preamble, padding and an empty part are allowed`() throws {
        let parts = try parse("hello\r\n--b \t\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n--b--epilogue")
        #expect(parts.map(\.name) == ["a"] && parts.first?.data.isEmpty == true)
        let short = try parse("--b\r\nContent-Disposition: form-data; name=a\r\n\r\n--b--")
        #expect(short.first?.data.isEmpty == true)
        #expect(try parse("--b--").isEmpty)
    }

    @Test(arguments: [
        "", "--", "--x--", "--b", "--b\r\n", "--b\r\n\r\n\r\n--b--",
        "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx", "--b\r\nno colon\r\n\r\nx\r\n--b--", "--bx\r\n",
        "--b\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--b--",
    ])
    func `Damage is told`(_ body: String) {
        let error = #expect(throws: MultipartError.self) { try parse(body) }
        guard case .damaged = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `Limits hold`() {
        let part = "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n12345\r\n"
        #expect(throws: MultipartError.tooManyParts(limit: 1)) { try parse(part + part + "--b--", .init(parts: 1)) }
        #expect(throws: MultipartError.partTooLarge(name: "a", limit: 4)) {
            try parse(part + "--b--", .init(partBytes: 4))
        }
        #expect(throws: MultipartError.headerTooLarge(limit: 20)) { try parse(part + "--b--", .init(headerBytes: 20)) }
    }

    @Test func `The boundary comes from the media type`() throws {
        #expect(try MultipartForm.boundary(ofContentType: #"Multipart/Form-Data; charset=x; boundary="a b""#) == "a b")
        #expect(try MultipartForm.boundary(ofContentType: "multipart/form-data;boundary=----x") == "----x")
        #expect(throws: MultipartError.notMultipart) { try MultipartForm.boundary(ofContentType: "application/json") }
        for bad in ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=é"] {
            #expect(throws: MultipartError.noBoundary) { try MultipartForm.boundary(ofContentType: bad) }
        }
    }
}
