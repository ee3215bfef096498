extension Frame {
    /// The frames that paint a canvas outwards from the part that a mask keeps, which counts as the rectangle that it fills.
    public static func outwards(from mask: Mask, side: Int, overlap: Double) -> [Frame] {
        outwards(
            from: mask.inverted.bounds ?? PixelRectangle(width: 0, height: 0), canvasWidth: mask.width,
            canvasHeight: mask.height, side: side, overlap: overlap)
    }

    /// The frames that paint a canvas outwards from what is known, in their order: next comes always the one that holds
    /// most of what is known or was painted before it.
    ///
    /// Together with the known rectangle they cover the canvas. Along an axis neighbours, and the known rectangle and the
    /// frames next to it, have at least `overlap` of a frame's side in common (or all of the known rectangle, where it is
    /// shorter).
    /// - Parameters:
    ///   - known: inside the canvas; empty: nothing is known, and the first frame is the middle one.
    ///   - side: the frames' side, which is less where the whole canvas is smaller.
    ///   - overlap: 0…0.9.
    public static func outwards(
        from known: PixelRectangle, canvasWidth: Int, canvasHeight: Int, side: Int, overlap: Double
    ) -> [Frame] {
        let canvas = PixelRectangle(width: canvasWidth, height: canvasHeight)
        guard !known.contains(canvas) else { return [] }
        let side = max(1, min(side, max(canvasWidth, canvasHeight)))
        let shared = min(max(Int((Double(side) * overlap).rounded(.up)), 0), side - 1)
        // Where nothing is known, the lattice starts from the canvas's middle.
        let core =
            known.isEmpty ? PixelRectangle(x: canvasWidth / 2, y: canvasHeight / 2, width: 1, height: 1) : known
        let columns = starts(known: core.x..<core.maxX, extent: canvasWidth, side: side, shared: shared)
        let rows = starts(known: core.y..<core.maxY, extent: canvasHeight, side: side, shared: shared)
        let lattice = rows.flatMap { y in columns.map { Frame(x: $0, y: y, side: side) } }
        var painting = Coverage(lattice, known: known, core: core, canvas: canvas)
        return painting.order()
    }

    /// Where the frames of a lattice begin on one axis: as few as cover the unknown on either side of what is known,
    /// in equal strides, and between the innermost of them as many as keep the overlap.
    private static func starts(known: Range<Int>, extent: Int, side: Int, shared: Int) -> [Int] {
        guard side < extent else { return [-((side - extent) / 2)] }
        let (last, stride) = (extent - side, side - shared)
        func strides(_ unknown: Int) -> [Int] {
            let count = (unknown + stride - 1) / stride
            return count == 0 ? [0] : (1...count).map { unknown * $0 / count }
        }
        let before = strides(known.lowerBound).map { min(known.lowerBound - $0, last) }
        let after = strides(extent - known.upperBound).map { max(known.upperBound + $0 - side, 0) }
        let (inner, outer) = (before[0], after[0])
        let gaps = max(0, (outer - inner + stride - 1) / stride)
        let between = gaps > 1 ? (1..<gaps).map { inner + (outer - inner) * $0 / gaps } : []
        return Set(before + between + after).sorted()
    }
}

/// What is known of a canvas while frames of a lattice are painted one after the other.
private struct Coverage {
    private let frames: [Frame]
    private let core: PixelRectangle
    /// The lines at which frames and the known rectangle begin and end; between them lie cells that are known or not.
    private let columns: [Int]
    private let rows: [Int]
    private var known: [Bool]

    init(_ frames: [Frame], known rectangle: PixelRectangle, core: PixelRectangle, canvas: PixelRectangle) {
        self.frames = frames
        self.core = core
        func lines(_ values: [Int], _ extent: Int) -> [Int] {
            Set(values.map { min(max($0, 0), extent) } + [0, extent]).sorted()
        }
        columns = lines(frames.flatMap { [$0.x, $0.x + $0.side] } + [rectangle.x, rectangle.maxX], canvas.width)
        rows = lines(frames.flatMap { [$0.y, $0.y + $0.side] } + [rectangle.y, rectangle.maxY], canvas.height)
        known = Array(repeating: false, count: (columns.count - 1) * (rows.count - 1))
        fill(rectangle)
    }

    /// The frames that have something to paint, in the order of painting.
    mutating func order() -> [Frame] {
        var order: [Frame] = []
        var waiting = frames
        var shares = waiting.map(share)
        while true {
            for index in waiting.indices.reversed() where shares[index].unknown == 0 {
                waiting.swapAt(index, waiting.count - 1)
                shares.swapAt(index, shares.count - 1)
                waiting.removeLast()
                shares.removeLast()
            }
            guard
                let next = waiting.indices.max(by: { precedes((waiting[$1], shares[$1]), (waiting[$0], shares[$0])) })
            else { return order }
            let frame = waiting[next]
            order.append(frame)
            fill(frame.rectangle)
            for index in waiting.indices where !waiting[index].rectangle.intersection(frame.rectangle).isEmpty {
                shares[index] = share(waiting[index])
            }
        }
    }

    /// The pixels of a frame inside the canvas.
    private struct Share {
        var known = 0
        var unknown = 0
    }

    /// Most known first, then nearest to what was known at the beginning, then from the top left.
    private func precedes(_ a: (frame: Frame, share: Share), _ b: (frame: Frame, share: Share)) -> Bool {
        func key(_ frame: Frame, _ share: Share) -> (Int, Int, Int, Int) {
            let (x, y) = (2 * frame.x + frame.side - core.x - core.maxX, 2 * frame.y + frame.side - core.y - core.maxY)
            return (-share.known, abs(x) + abs(y), frame.y, frame.x)
        }
        return key(a.frame, a.share) < key(b.frame, b.share)
    }

    private func share(_ frame: Frame) -> Share {
        var share = Share()
        forEachCell(in: frame.rectangle) { index, area in
            if known[index] { share.known += area } else { share.unknown += area }
        }
        return share
    }

    private mutating func fill(_ rectangle: PixelRectangle) {
        var filled: [Int] = []
        forEachCell(in: rectangle) { index, _ in filled.append(index) }
        for index in filled { known[index] = true }
    }

    private func forEachCell(in rectangle: PixelRectangle, _ body: (_ index: Int, _ area: Int) -> Void) {
        guard !rectangle.isEmpty else { return }
        let across = Self.cells(columns, from: rectangle.x, to: rectangle.maxX)
        for row in Self.cells(rows, from: rectangle.y, to: rectangle.maxY) {
            for column in across {
                body(
                    row * (columns.count - 1) + column,
                    (columns[column + 1] - columns[column]) * (rows[row + 1] - rows[row]))
            }
        }
    }

    /// The cells between two of the lines, found by bisection.
    private static func cells(_ lines: [Int], from start: Int, to end: Int) -> Range<Int> {
        func first(atLeast value: Int) -> Int {
            var (low, high) = (0, lines.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if lines[middle] < value { low = middle + 1 } else { high = middle }
            }
            return low
        }
        let lower = first(atLeast: start)
        return lower..<max(lower, first(atLeast: end))
    }
}
