import Foundation
import Testing

@testable import DataPacking

@Suite struct TableTests {
    private func rows(_ text: String, _ delimiter: Unicode.Scalar = ",") -> [TableRow] {
        DelimitedText(delimiter).rows(Data(text.utf8))
    }

    private func values(_ rows: [TableRow]) -> [[String: String]] {
        rows.compactMap { try? $0.fields.get().values.compactMapValues { $0.texts.first } }
    }

    @Test func readsQuotedCells() {
        let text =
            "\u{FEFF}File,Caption\r\na.png,\"a \"\"big\"\" cat,\nasleep\"\r\n\r\nb.png,5\" pipe\nc.png,\"\"\nd.png,\"\"\"\""
        let rows = rows(text)
        #expect(rows.map(\.line) == [2, 5, 6, 7])
        #expect(
            values(rows) == [
                ["file": "a.png", "caption": "a \"big\" cat,\nasleep"], ["file": "b.png", "caption": "5\" pipe"],
                ["file": "c.png", "caption": ""], ["file": "d.png", "caption": "\""],
            ])
    }

    @Test func readsTabs() {
        #expect(values(rows("file\tcaption\na.png\tone, two", "\t")) == [["file": "a.png", "caption": "one, two"]])
    }

    @Test func saysWhichRecordIsBroken() throws {
        let rows = rows("file,caption\na,b,c\nd\n\"e,f\ng,h")
        #expect(
            rows.map(\.fields) == [
                .failure(.unreadableCaptions("the line has 3 cells, the head 2")),
                .failure(.unreadableCaptions("the line has 1 cells, the head 2")),
                .failure(.unreadableCaptions("a quotation mark is not closed")),
            ])
        let latin = DelimitedText(",").rows(Data("file\n".utf8) + [0xE9, 0x0A])
        #expect(latin.map(\.fields) == [.failure(.unreadableCaptions("the line is not UTF-8"))])
        #expect(self.rows("").isEmpty)
        #expect(self.rows("file,caption\n").isEmpty)
    }

    @Test func readsJSONLines() {
        let rows = JSONLines.rows(
            Data("{\"ID\": 12, \"caption\": [\"a\", \"b\"], \"x\": {\"y\": null}}\r\n\n[1]\n{\"a\"\n".utf8))
        #expect(rows.map(\.line) == [1, 3, 4])
        #expect((try? rows[0].fields.get())?.text(["id"]) == "12")
        #expect((try? rows[0].fields.get())?.texts(["caption", "x"]) == ["a", "b"])
        let broken = Result<Fields, PackProblem>.failure(.unreadableCaptions("the line is not a JSON object"))
        #expect(rows.dropFirst().map(\.fields) == [broken, broken])
    }

    @Test func tidiesTexts() {
        let captions = FieldValue.list(["  a\u{0}\tcat \n", "a cat", "", " "])
        let fields = Fields(["Caption": captions, "text": .text("a dog"), "file": .text("./a  b.png")])
        #expect(fields.texts(["caption", "text"]) == ["a cat", "a dog"])
        #expect(fields.text(["nothing", "text"]) == "a dog")
        #expect(fields.path(["file"]) == "a  b.png")
        #expect(Fields(["tags": .text("red, blue;; green|red")]).list(["tags"]) == ["red", "blue", "green"])
        #expect(Fields(["tags": .list(["a, b", "c"])]).list(["tags"]) == ["a, b", "c"])
    }

    @Test func deepJSONIsNoProblem() {
        let depth = 100_000
        let line = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(throws: (any Error).self) { try Fields(json: Data(line.utf8)) }
    }
}
