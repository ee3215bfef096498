import Foundation

/// JSON Lines: an object a line; empty lines are passed over.
enum JSONLines {
    static func rows(_ bytes: Data) -> [TableRow] {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.enumerated().compactMap { index, line in
            guard line.contains(where: { $0 > 0x20 }) else { return nil }
            return TableRow(line: index + 1, fields: fields(line))
        }
    }

    private static func fields(_ line: Data) -> Result<Fields, PackProblem> {
        guard let value = try? JSONDecoder().decode(FieldValue.self, from: line), case .object(let values) = value
        else {
            return .failure(.unreadableCaptions("the line is not a JSON object"))
        }
        return .success(Fields(values))
    }
}
