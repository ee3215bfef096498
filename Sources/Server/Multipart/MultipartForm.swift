/// A parsed `multipart/form-data` body (RFC 7578, RFC 2046). Knows nothing of connections, and copies no part.
public struct MultipartForm: Hashable, Sendable {
    public struct Part: Hashable, Sendable {
        public var name: String
        /// Empty where the client sent an empty one; nil where it sent none.
        public var filename: String?
        /// As declared: nobody checked it.
        public var contentType: String?
        public var data: ArraySlice<UInt8>
    }

    /// In the order of the body; names may repeat.
    public var parts: [Part]

    /// - Parameter body: the whole body, already under its cap.
    /// - Throws: `MultipartError`.
    public init(parsing body: [UInt8], boundary: String, limits: MultipartLimits = .init()) throws(MultipartError) {
        var scanner = MultipartScanner(body: body, boundary: boundary, limits: limits)
        parts = try scanner.parts()
    }

    /// The boundary that a `Content-Type` names.
    /// - Throws: `.notMultipart`, `.noBoundary`.
    public static func boundary(ofContentType value: String) throws(MultipartError) -> String {
        let header = HeaderValue(value.utf8)
        guard header.first == "multipart/form-data" else { throw .notMultipart }
        guard let boundary = header.parameters["boundary"], (1...70).contains(boundary.utf8.count),
            boundary.utf8.allSatisfy({ (0x20...0x7E).contains($0) }), boundary.last != " "
        else { throw .noBoundary }
        return boundary
    }
}

/// Walks over a body, delimiter by delimiter.
private struct MultipartScanner {
    let body: [UInt8]
    let limits: MultipartLimits
    /// CR LF -- boundary.
    let delimiter: [UInt8]
    var place = 0

    init(body: [UInt8], boundary: String, limits: MultipartLimits) {
        self.body = body
        self.limits = limits
        delimiter = Array("\r\n--\(boundary)".utf8)
    }

    mutating func parts() throws(MultipartError) -> [MultipartForm.Part] {
        try skipPreamble()
        var parts: [MultipartForm.Part] = []
        while try !isAtEnd() {
            guard parts.count < limits.parts else { throw .tooManyParts(limit: limits.parts) }
            parts.append(try part())
        }
        return parts
    }

    /// Up to and over the first delimiter, whose line break may be missing at the very start.
    private mutating func skipPreamble() throws(MultipartError) {
        if body.starts(with: delimiter.dropFirst(2)) {
            place = delimiter.count - 2
        } else {
            guard let start = index(of: delimiter, from: 0) else {
                throw .damaged(expected: "the boundary of Content-Type", at: 0)
            }
            place = start + delimiter.count
        }
    }

    /// After a delimiter: two hyphens end the form, and a line break begins a part.
    private mutating func isAtEnd() throws(MultipartError) -> Bool {
        if body[place...].starts(with: [0x2D, 0x2D]) { return true }
        while place < body.count, body[place] == 0x20 || body[place] == 0x09 { place += 1 }
        guard body[place...].starts(with: [0x0D, 0x0A]) else {
            throw .damaged(expected: "a line break or two hyphens after the boundary", at: place)
        }
        place += 2
        return false
    }

    private mutating func part() throws(MultipartError) -> MultipartForm.Part {
        var part = try header()
        let start = place
        // An empty part's delimiter begins with the line break that ended its header.
        guard let end = index(of: delimiter, from: start - 2) else {
            throw .damaged(expected: "the closing boundary", at: body.count)
        }
        guard end - start <= limits.partBytes else { throw .partTooLarge(name: part.name, limit: limits.partBytes) }
        part.data = body[start..<max(start, end)]
        place = end + delimiter.count
        return part
    }

    private mutating func header() throws(MultipartError) -> MultipartForm.Part {
        let start = place
        var part: MultipartForm.Part?
        var contentType: String?
        while true {
            let line = try headerLine(since: start)
            guard !line.isEmpty else { break }
            guard let colon = line.firstIndex(of: 0x3A) else {
                throw .damaged(expected: "a header of the form 'name: value'", at: line.startIndex)
            }
            switch String(decoding: line[..<colon], as: UTF8.self).lowercased() {
            case "content-disposition": part = try disposition(HeaderValue(line[(colon + 1)...]), at: line.startIndex)
            case "content-type": contentType = HeaderValue(line[(colon + 1)...]).first
            default: break
            }
        }
        guard var part else { throw .damaged(expected: "Content-Disposition with a name", at: start) }
        part.contentType = contentType
        return part
    }

    private mutating func headerLine(since start: Int) throws(MultipartError) -> ArraySlice<UInt8> {
        let limit = start + limits.headerBytes
        let begin = place
        while place + 1 < min(body.count, limit) {
            if body[place] == 0x0D, body[place + 1] == 0x0A {
                place += 2
                return body[begin..<place - 2]
            }
            place += 1
        }
        guard body.count < limit else { throw .headerTooLarge(limit: limits.headerBytes) }
        throw .damaged(expected: "the end of a part's header", at: body.count)
    }

    private func disposition(_ value: HeaderValue, at place: Int) throws(MultipartError) -> MultipartForm.Part {
        guard value.first == "form-data", let name = value.parameters["name"] else {
            throw .damaged(expected: "Content-Disposition: form-data with a name", at: place)
        }
        return MultipartForm.Part(
            name: name, filename: value.parameters["filename"], contentType: nil, data: [])
    }

    private func index(of pattern: [UInt8], from start: Int) -> Int? {
        body.withUnsafeBufferPointer { bytes in
            var place = start
            while place + pattern.count <= bytes.count {
                if bytes[place] == pattern[0], pattern.indices.allSatisfy({ bytes[place + $0] == pattern[$0] }) {
                    return place
                }
                place += 1
            }
            return nil
        }
    }
}
