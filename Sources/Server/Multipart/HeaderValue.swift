/// A header's value with parameters: `form-data; name="image"; filename="a.png"`.
struct HeaderValue {
    /// What stands before the first semicolon, in lowercase.
    let first: String
    /// By lowercase name; the first of a name counts.
    private(set) var parameters: [String: String] = [:]

    init(_ bytes: some Collection<UInt8>) {
        var rest = Array(bytes)[...]
        first = Self.text(Self.take(from: &rest) { $0 == 0x3B }).lowercased()
        while !rest.isEmpty {
            rest.removeFirst()
            let name = Self.text(Self.take(from: &rest) { $0 == 0x3D || $0 == 0x3B }).lowercased()
            guard rest.first == 0x3D else { continue }
            rest.removeFirst()
            let value = Self.value(from: &rest)
            if !name.isEmpty, parameters[name] == nil { parameters[name] = value }
        }
    }

    /// A token, or a quoted string in which a backslash keeps a quote. Browsers and old clients keep other backslashes as
    /// they are, since they send paths of Windows unescaped.
    private static func value(from rest: inout ArraySlice<UInt8>) -> String {
        while let byte = rest.first, byte == 0x20 || byte == 0x09 { rest.removeFirst() }
        guard rest.first == 0x22 else { return text(take(from: &rest) { $0 == 0x3B }) }
        rest.removeFirst()
        var value: [UInt8] = []
        while let byte = rest.popFirst(), byte != 0x22 {
            if byte == 0x5C, let next = rest.first, next == 0x22 || next == 0x5C {
                value.append(next)
                rest.removeFirst()
            } else {
                value.append(byte)
            }
        }
        _ = take(from: &rest) { $0 == 0x3B }
        return String(decoding: value, as: UTF8.self)
    }

    private static func take(from rest: inout ArraySlice<UInt8>, until isEnd: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let end = rest.firstIndex(where: isEnd) ?? rest.endIndex
        defer { rest = rest[end...] }
        return rest[..<end]
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        let head = bytes.drop(while: isSpace)
        let end = head.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? head.startIndex
        return String(decoding: head[..<end], as: UTF8.self)
    }
}
