import Crypto
import Foundation

/// The fields of a request that passed its table. Nulls are left out.
struct FieldValues: Sendable {
    private(set) var values: [String: JSONValue] = [:]
    private(set) var files: [String: Data] = [:]

    /// Checks a JSON body.
    /// - Throws: `APIError`, for the first wrong key in the order of the alphabet, or the first wrong field in the order
    ///   of the table.
    init(json body: Data, fields: [Field]) throws(APIError) {
        // An empty string is no JSON for the decoder either, but some clients send nothing for "no fields".
        guard case .object(let object)? = try? JSONDecoder().decode(JSONValue.self, from: body) else {
            throw .invalid("We could not parse the JSON body of your request. Expected a JSON object.")
        }
        try take(object, fields: fields)
    }

    /// Checks a form. `image[]` with exactly one part is the same as `image`.
    init(form: MultipartForm, fields: [Field]) throws(APIError) {
        let table = Dictionary(fields.map { ($0.name, $0) }) { first, _ in first }
        var object: [String: JSONValue] = [:]
        for part in form.parts {
            let name = part.name == "image[]" ? "image" : part.name
            guard object[name] == nil, files[name] == nil else {
                throw .invalid("'\(name.prefix(60))' was given more than once", param: String(name.prefix(60)))
            }
            guard let field = table[name] else {
                object[name] = .null
                continue
            }
            if case .file = field.kind {
                files[name] = Data(part.data)
            } else {
                object[name] = try field.value(ofText: String(decoding: part.data, as: UTF8.self))
            }
        }
        try take(object, fields: fields)
    }

    private mutating func take(_ object: [String: JSONValue], fields: [Field]) throws(APIError) {
        let known = Set(fields.map(\.name))
        if let other = object.keys.sorted().first(where: { !known.contains($0) }) {
            throw .invalid("Additional properties are not allowed ('\(other.prefix(60))' was unexpected)")
        }
        for field in fields {
            guard files[field.name] == nil else { continue }
            guard let value = object[field.name] else {
                if field.isRequired { throw .invalid("'\(field.name)' is a required property", param: field.name) }
                continue
            }
            try field.check(value)
            if value != .null { values[field.name] = value }
        }
    }

    func string(_ name: String) -> String? {
        guard case .string(let text)? = values[name] else { return nil }
        return text
    }

    func integer(_ name: String) -> Int? {
        guard case .integer(let number)? = values[name] else { return nil }
        return number
    }

    func number(_ name: String) -> Double? {
        switch values[name] {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    func flag(_ name: String) -> Bool { values[name] == .bool(true) }

    /// The same for requests that ask for the same, whatever their order, spaces and boundaries.
    func digest(of endpoint: String) -> Data {
        var hash = SHA256()
        hash.update(data: Data("\(endpoint)\n".utf8))
        hash.update(data: JSONValue.object(values).data)
        for (name, file) in files.sorted(by: { $0.key < $1.key }) {
            hash.update(data: Data("\n\(name)\n".utf8))
            hash.update(data: Data(SHA256.hash(data: file)))
        }
        return Data(hash.finalize())
    }
}
