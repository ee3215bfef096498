import Foundation

/// An XMP packet with one property, `limn:metadata`, whose value is a JSON object of texts.
enum XMP {
    private static let property = "limn:metadata"

    /// Empty for no metadata.
    static func packet(_ metadata: [String: String]) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard !metadata.isEmpty, let json = try? encoder.encode(metadata) else { return Data() }
        let text = escaped(String(decoding: json, as: UTF8.self))
        return Data(
            """
            <?xpacket begin="\u{FEFF}" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">\
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\
            <rdf:Description rdf:about="" xmlns:limn="urn:limn:picture"><\(property)>\(text)</\(property)>\
            </rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>
            """.utf8)
    }

    /// Empty if the property is missing or malformed. Programs that rewrite a packet may turn the element into an attribute.
    static func read(_ packet: Data) -> [String: String] {
        let text = String(decoding: packet, as: UTF8.self)
        guard let name = text.range(of: property) else { return [:] }
        var rest = text[name.upperBound...].drop { $0 == " " || $0 == "=" }
        guard let opening = rest.popFirst(), let closing = [">": "<", "\"": "\"", "'": "'"][opening] as Character?,
            let end = rest.firstIndex(of: closing)
        else { return [:] }
        let json = unescaped(String(rest[..<end]))
        return (try? JSONDecoder().decode([String: String].self, from: Data(json.utf8))) ?? [:]
    }

    private static let entities = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"), ("'", "&apos;")]

    private static func escaped(_ text: String) -> String {
        entities.reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
    }

    private static func unescaped(_ text: String) -> String {
        // The ampersand last, so that "&amp;lt;" becomes "&lt;".
        entities.reversed().reduce(text) { $0.replacingOccurrences(of: $1.1, with: $1.0) }
    }
}
