import Foundation

/// A part of a long list, and where the next part begins.
public struct Page<Element: Sendable>: Sendable {
    public var elements: [Element]
    /// Nil at the end.
    public var next: Cursor?

    public init(elements: [Element], next: Cursor?) {
        self.elements = elements
        self.next = next
    }
}

/// The place in a list after a row, newest first. Rows that come in or go meanwhile shift nothing.
public struct Cursor: Hashable, Sendable {
    var date: Date
    var id: String

    init(date: Date, id: String) {
        self.date = date
        self.id = id
    }

    /// Reads what `text` gave; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let milliseconds = Int64(parts[0]), parts[1].utf8.count <= 64 else { return nil }
        self.init(date: Date(milliseconds: milliseconds), id: String(parts[1]))
    }

    public var text: String { "\(date.milliseconds).\(id)" }
}

extension Date {
    /// The store keeps whole milliseconds.
    public init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }

    public var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }
}
