import Testing

@testable import Checkpoints

struct JSONTests {
    private func parse(_ text: String) throws -> JSON { try JSON(parsing: Array(text.utf8)) }

    @Test func readsValues() throws {
        let value = try parse(#" {"a": [1, -2.5e1, true, null], "b\u00e9\n": "\ud83d\udc31 \"x\"", "c": {}} "#)
        #expect(value["a"] == .array([.integer(1), .number(-25), .bool(true), .null]))
        #expect(value["bé\n"]?.string == "🐱 \"x\"")
        #expect(value["c"]?.object == [:])
        #expect(try parse("9223372036854775807").int == Int.max)
        #expect(try parse("9223372036854775808").int == nil)
        #expect(try parse("3.0").int == 3)
        #expect(try parse("1e300").int == nil)
        #expect(try parse("0").double == 0)
    }

    @Test(arguments: [
        "", " ", "{", "[", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "01", "-", "1.", ".5", "1e", "+1",
        "tru",
        "nul", "\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\n\"", "1 2", "{} x", "1e999",
        "\"\\u+123\"", "[1 2]", "{\"a\":1 \"b\":2}", "\u{FEFF}{}", "'a'", "NaN",
    ])
    func refuses(_ text: String) {
        #expect(throws: JSONError.self) { try parse(text) }
    }

    @Test func readsWhatPythonWritesOnlyWhenAsked() throws {
        let text = Array("[NaN, -Infinity, Infinity, -1]".utf8)
        let values = try JSON(parsing: text, nonFinite: true).array?.compactMap(\.double)
        #expect(values?.first?.isNaN == true)
        #expect(values?.dropFirst() == [-.infinity, .infinity, -1])
        #expect(throws: JSONError.self) { try JSON(parsing: text) }
    }

    @Test func refusesDoubleKeysDepthAndBadText() throws {
        let twice = #expect(throws: JSONError.self) { try parse(#"{"a": 1, "\u0061": 2}"#) }
        #expect(twice?.problem.contains("twice") == true)
        let deep = #expect(throws: JSONError.self) { try parse(String(repeating: "[", count: 100_000)) }
        #expect(deep?.problem.contains("deep") == true)
        #expect(throws: JSONError.self) { try JSON(parsing: [0x22, 0xFF, 0x22]) }
        #expect(try parse(String(repeating: "[", count: 60) + String(repeating: "]", count: 60)).array != nil)
    }
}
