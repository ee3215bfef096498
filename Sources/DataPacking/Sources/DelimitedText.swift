import Foundation

/// Comma- or tab-separated values (RFC 4180), UTF-8; the first record names the columns.
struct DelimitedText {
    private let delimiter: UInt8

    /// - Parameter delimiter: one ASCII character.
    init(_ delimiter: Unicode.Scalar) { self.delimiter = UInt8(ascii: delimiter) }

    private struct Record {
        var line: Int
        var cells: [[UInt8]] = []
        var isWhole = true
    }

    func rows(_ bytes: Data) -> [TableRow] {
        let all = records(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes)
        guard let head = all.first else { return [] }
        let names = head.cells.map { String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespaces) }
        return all.dropFirst().map { TableRow(line: $0.line, fields: fields($0, names)) }
    }

    private func fields(_ record: Record, _ names: [String]) -> Result<Fields, PackProblem> {
        let cells = record.cells.compactMap { String(validating: $0, as: UTF8.self) }
        guard record.isWhole else { return .failure(.unreadableCaptions("a quotation mark is not closed")) }
        guard cells.count == record.cells.count else { return .failure(.unreadableCaptions("the line is not UTF-8")) }
        guard cells.count == names.count else {
            return .failure(.unreadableCaptions("the line has \(cells.count) cells, the head \(names.count)"))
        }
        let values = zip(names, cells).map { ($0, FieldValue.text($1)) }
        return .success(Fields(Dictionary(values) { first, _ in first }))
    }

    private func records(_ bytes: Data) -> [Record] {
        let (quote, newline, carriage) = (UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"))
        var records: [Record] = []
        var record = Record(line: 1)
        var (cell, line, isQuoted, wasQuote) = ([UInt8](), 1, false, false)
        func endRecord() {
            if cell.last == carriage { cell.removeLast() }
            record.cells.append(cell)
            if record.cells != [[]] { records.append(record) }
            cell = []
            record = Record(line: line)
        }
        for byte in bytes {
            if byte == newline { line += 1 }
            if isQuoted {
                if byte == quote { (isQuoted, wasQuote) = (false, true) } else { cell.append(byte) }
                continue
            }
            switch byte {
            case quote where cell.isEmpty || wasQuote:
                // Two in a row, inside quotes, are one that is meant.
                if wasQuote { cell.append(quote) }
                isQuoted = true
            case delimiter:
                record.cells.append(cell)
                cell = []
            case newline: endRecord()
            default: cell.append(byte)
            }
            wasQuote = false
        }
        record.isWhole = !isQuoted
        if isQuoted || !cell.isEmpty || !record.cells.isEmpty { endRecord() }
        return records
    }
}
