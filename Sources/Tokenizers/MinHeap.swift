/// A binary heap that gives back its smallest element first.
struct MinHeap<Element: Comparable> {
    private var items: [Element]

    init(_ items: [Element] = []) {
        self.items = items
        for index in stride(from: items.count / 2 - 1, through: 0, by: -1) { sink(index) }
    }

    var first: Element? { items.first }

    mutating func insert(_ element: Element) {
        items.append(element)
        var child = items.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard items[child] < items[parent] else { break }
            items.swapAt(child, parent)
            child = parent
        }
    }

    mutating func popFirst() -> Element? {
        guard let last = items.popLast() else { return nil }
        guard let smallest = items.first else { return last }
        items[0] = last
        sink(0)
        return smallest
    }

    private mutating func sink(_ start: Int) {
        var parent = start
        while true {
            var child = 2 * parent + 1
            guard child < items.count else { return }
            if child + 1 < items.count, items[child + 1] < items[child] { child += 1 }
            guard items[child] < items[parent] else { return }
            items.swapAt(child, parent)
            parent = child
        }
    }
}
