/// Counts separate things in a picture.
enum ConnectedComponents {
    /// The sizes, largest first, of the areas of true cells that touch at sides or corners.
    /// - Parameter mask: row by row.
    static func sizes(_ mask: [Bool], width: Int) -> [Int] {
        var left = mask
        let height = width > 0 ? mask.count / width : 0
        var sizes: [Int] = []
        for start in mask.indices where left[start] {
            var size = 0
            var open = [start]
            left[start] = false
            while let cell = open.popLast() {
                size += 1
                let (x, y) = (cell % width, cell / width)
                for nextY in max(0, y - 1)...min(height - 1, y + 1) {
                    for nextX in max(0, x - 1)...min(width - 1, x + 1) where left[nextY * width + nextX] {
                        left[nextY * width + nextX] = false
                        open.append(nextY * width + nextX)
                    }
                }
            }
            sizes.append(size)
        }
        return sizes.sorted(by: >)
    }

    /// The boxes of areas, from the top, where gaps of up to twice `reach` do not part them.
    /// - Parameters:
    ///   - mask: row by row.
    ///   - smallest: areas with fewer true cells are left out.
    static func boxes(_ mask: [Bool], width: Int, joining reach: Int, smallest: Int) -> [PixelBox] {
        var left = grown(mask, width: width, by: reach)
        let height = width > 0 ? mask.count / width : 0
        var boxes: [PixelBox] = []
        for start in mask.indices where left[start] {
            var box: PixelBox?
            var size = 0
            var open = [start]
            left[start] = false
            while let cell = open.popLast() {
                let (x, y) = (cell % width, cell / width)
                if mask[cell] {
                    size += 1
                    box = box?.with(x, y) ?? PixelBox(left: x, top: y, right: x + 1, bottom: y + 1)
                }
                for nextY in max(0, y - 1)...min(height - 1, y + 1) {
                    for nextX in max(0, x - 1)...min(width - 1, x + 1) where left[nextY * width + nextX] {
                        left[nextY * width + nextX] = false
                        open.append(nextY * width + nextX)
                    }
                }
            }
            if let box, size >= smallest { boxes.append(box) }
        }
        return boxes
    }

    /// True also where a true cell is at most `reach` lines and columns away.
    private static func grown(_ mask: [Bool], width: Int, by reach: Int) -> [Bool] {
        let height = width > 0 ? mask.count / width : 0
        var wide = mask
        for cell in mask.indices where mask[cell] {
            let (x, y) = (cell % width, cell / width)
            for place in max(0, x - reach)...min(width - 1, x + reach) { wide[y * width + place] = true }
        }
        var all = wide
        for cell in wide.indices where wide[cell] {
            let (x, y) = (cell % width, cell / width)
            for place in max(0, y - reach)...min(height - 1, y + reach) { all[place * width + x] = true }
        }
        return all
    }

    /// How many areas have at least the given share of the mask's cells.
    static func count(_ mask: [Bool], width: Int, smallestShare: Double = 0.004) -> Int {
        sizes(mask, width: width).count { Double($0) >= smallestShare * Double(mask.count) }
    }
}

/// A rectangle of whole pixels; right and bottom are not part of it.
struct PixelBox: Equatable {
    var left: Int
    var top: Int
    var right: Int
    var bottom: Int

    var width: Int { right - left }
    var height: Int { bottom - top }

    /// With a pixel more.
    func with(_ x: Int, _ y: Int) -> PixelBox {
        PixelBox(left: min(left, x), top: min(top, y), right: max(right, x + 1), bottom: max(bottom, y + 1))
    }
}
