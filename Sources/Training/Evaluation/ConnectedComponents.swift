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

    /// How many areas have at least the given share of the mask's cells.
    static func count(_ mask: [Bool], width: Int, smallestShare: Double = 0.004) -> Int {
        sizes(mask, width: width).count { Double($0) >= smallestShare * Double(mask.count) }
    }
}
