/// The API's description as a page that needs no script.
struct DocumentationPage {
    let endpoints: [Endpoint]

    var html: String {
        """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>Limn's API</title>
        <h1>Limn's API</h1>
        <p>Clients of OpenAI's Images API work here when they are given this server's address and a key that was made in
        the <a href="/account">studio</a>. The same for programs: <a href="/openapi.json">openapi.json</a>.</p>
        \(endpoints.map(section).joined(separator: "\n"))
        </html>
        """
    }

    private func section(_ endpoint: Endpoint) -> String {
        let key = endpoint.scope.map { "<p>Needs a key with the scope <code>\($0.rawValue)</code>.</p>" } ?? ""
        return """
            <h2><code>\(endpoint.method.rawValue) \(endpoint.path)</code></h2>
            <p>\(Self.escaped(endpoint.summary))</p>
            \(key)\(table(endpoint.fields))
            """
    }

    private func table(_ fields: [Field]) -> String {
        guard !fields.isEmpty else { return "" }
        let rows = fields.map { field in
            let standard = field.isRequired ? "required" : field.standard.map { "default \($0.text)" } ?? ""
            return """
                <tr><td><code>\(field.name)</code></td><td>\(Self.escaped(field.values))</td>\
                <td>\(Self.escaped(standard))</td><td>\(Self.escaped(field.meaning))</td></tr>
                """
        }
        return "<table>\n\(rows.joined(separator: "\n"))\n</table>"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}

extension Field {
    /// What it may hold, in words.
    fileprivate var values: String {
        switch kind {
        case .string(let lengths): "text of \(lengths.lowerBound) to \(lengths.upperBound) characters"
        case .choice(let choices): choices.joined(separator: ", ")
        case .integer(let range): "\(range.lowerBound) to \(range.upperBound)"
        case .number(let range): "\(range.lowerBound) to \(range.upperBound)"
        case .boolean: "true or false"
        case .file: "a file"
        }
    }
}
