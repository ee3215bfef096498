extension Mask {
    /// The smallest rectangle that holds all pixels that are not wholly kept; nil where everything is kept.
    public var bounds: PixelRectangle? {
        var (left, right, top, bottom) = (width, -1, height, -1)
        for y in 0..<height {
            let row = coverage.samples[y * width..<(y + 1) * width]
            guard let first = row.firstIndex(where: { $0 != 255 }), let last = row.lastIndex(where: { $0 != 255 })
            else { continue }
            left = min(left, first - y * width)
            right = max(right, last - y * width)
            top = min(top, y)
            bottom = y
        }
        guard right >= left else { return nil }
        return PixelRectangle(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
    }

    /// What was kept is painted, and what was painted is kept.
    public var inverted: Mask {
        Mask(unchecked: width, height, coverage.samples.map { 255 - $0 })
    }

    /// Paints what either of the two paints.
    /// - Throws: `ImageError.invalidArgument` if the sizes differ.
    public func union(_ other: Mask) throws -> Mask {
        guard (width, height) == (other.width, other.height) else {
            throw ImageError.invalidArgument(
                "Masks of \(width) × \(height) and \(other.width) × \(other.height) cannot be joined; they must have one size."
            )
        }
        return Mask(unchecked: width, height, zip(coverage.samples, other.coverage.samples).map(min))
    }

    /// At another size, where a pixel is as little kept as the least kept of those that it touches: it is known only if
    /// all of them are.
    /// - Throws: `ImageError.invalidArgument` if a size is below 1.
    public func conservativelyResized(width newWidth: Int, height newHeight: Int) throws -> Mask {
        try ImageBuffer.check(width: newWidth, height: newHeight, channels: 1)
        return pooled(columns: GridCells(width, over: newWidth), rows: GridCells(height, over: newHeight))
    }

    /// The minimum over the pixels that every cell touches.
    func pooled(columns: GridCells, rows: GridCells) -> Mask {
        let (across, down) = (columns.count, rows.count)
        var narrow = [UInt8](repeating: 255, count: across * height)
        for y in rows[0].lowerBound..<rows[down - 1].upperBound {
            for x in 0..<across {
                for source in columns[x] {
                    narrow[y * across + x] = min(narrow[y * across + x], coverage.samples[y * width + source])
                }
            }
        }
        var result = [UInt8](repeating: 255, count: across * down)
        for y in 0..<down {
            for source in rows[y] {
                for x in 0..<across {
                    result[y * across + x] = min(result[y * across + x], narrow[source * across + x])
                }
            }
        }
        return Mask(unchecked: across, down, result)
    }

    /// With a ramp inwards from the edge of what is painted: a pixel at distance d of the nearest one that is wholly kept
    /// is kept by at least 1 − d / (`radius` + 1). Pixels that are wholly kept stay so, and no others become it.
    /// - Parameter radius: in pixels; 0 or less changes nothing.
    public func feathered(by radius: Int) -> Mask {
        guard radius > 0, let bounds else { return self }
        // Only the region and a pixel around it matter: those are the kept ones nearest to it.
        let around = PixelRectangle(
            x: bounds.x - 1, y: bounds.y - 1, width: bounds.width + 2, height: bounds.height + 2
        ).intersection(coverage.bounds)
        let kept = (0..<around.area).map { index in
            coverage.samples[(around.y + index / around.width) * width + around.x + index % around.width] == 255
        }
        let distances = DistanceMap(to: kept, width: around.width, height: around.height)
        var samples = coverage.samples
        for index in 0..<around.area where !kept[index] {
            let share = 1 - distances[index] / Float(radius + 1)
            guard share > 0 else { continue }
            let place = (around.y + index / around.width) * width + around.x + index % around.width
            samples[place] = max(samples[place], UInt8(min(254, share * 255)))
        }
        return Mask(unchecked: width, height, samples)
    }

    init(unchecked width: Int, _ height: Int, _ samples: [UInt8]) {
        coverage = ImageBuffer(unchecked: width, height, 1, samples)
    }
}

/// Pixels of one axis and the cells of a coarser or finer grid over them: which pixels a cell touches.
struct GridCells {
    /// The grid's first cell that touches a pixel, and how many do.
    let first: Int
    let count: Int
    private let extent: Int
    private let start: Int
    private let side: Int
    private let cells: Int

    /// All of the pixels, over `cells` cells.
    init(_ extent: Int, over cells: Int) { self.init(extent, in: 0, side: extent, over: cells) }

    /// `side` pixels from `start` on are divided into `cells` cells; those that touch one of the `extent` pixels that
    /// there are count. At least one must.
    init(_ extent: Int, in start: Int, side: Int, over cells: Int) {
        (self.extent, self.start, self.side, self.cells) = (extent, start, side, cells)
        let (from, to) = (max(0, -start), min(side, extent - start))
        first = from * cells / side
        count = (to * cells + side - 1) / side - first
    }

    /// The pixels that a cell touches, of those that there are; cells are counted from `first`.
    subscript(_ index: Int) -> Range<Int> {
        let cell = first + index
        let lower = start + cell * side / cells
        let upper = start + ((cell + 1) * side + cells - 1) / cells
        return max(0, lower)..<min(extent, upper)
    }

    /// Where the first counted cell begins, and how much all of them span, in pixels.
    var box: (start: Double, extent: Double) {
        let scale = Double(side) / Double(cells)
        return (Double(start) + Double(first) * scale, Double(count) * scale)
    }
}
