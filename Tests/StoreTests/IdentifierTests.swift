import Testing

@testable import Store

@Suite("Identifiers")
struct IdentifierTests {
    @Test func aNewOneIsReadBack() throws {
        let id = Job.ID()
        #expect(id.text.hasPrefix("job_"))
        #expect(Job.ID(id.text) == id)
        #expect(Picture.ID(id.text) == nil)
        #expect(Job.ID() != id)
    }

    @Test(arguments: ["", "job_", "job_../../etc", "job_ABC", "job_\u{0}", "job_" + String(repeating: "a", count: 41)])
    func textThatIsNoneIsRefused(text: String) {
        #expect(Job.ID(text) == nil)
    }

    @Test func aCursorIsReadBack() throws {
        let cursor = Cursor(date: .init(milliseconds: 1_234_567), id: "pic_1")
        #expect(Cursor(cursor.text) == cursor)
        #expect(Cursor("x") == nil)
        #expect(Cursor("1.") == nil)
    }
}
