/// For every pixel the nearest of a set of pixels, by exact Euclidean distance
/// (Felzenszwalb and Huttenlocher 2012, "Distance Transforms of Sampled Functions").
struct DistanceMap {
    /// The index of the nearest pixel of the set; −1 where the set is empty.
    private(set) var nearest: [Int32]
    private var squares: [Float]

    /// The distance in pixels, infinite where the set is empty.
    subscript(_ index: Int) -> Float { squares[index].squareRoot() }

    /// - Parameter set: which of the `width` × `height` pixels belong to the set, row by row.
    init(to set: [Bool], width: Int, height: Int) {
        nearest = Array(repeating: -1, count: width * height)
        squares = Array(repeating: .infinity, count: width * height)
        let rows = Self.nearestRows(set, width, height)
        var envelope = Envelope(capacity: width)
        for y in 0..<height {
            envelope.removeAll()
            for x in 0..<width {
                guard let row = rows[y * width + x] else { continue }
                envelope.add(x, height: Double((y - row) * (y - row)))
            }
            var piece = 0
            for x in 0..<width {
                guard let source = envelope.lowest(at: x, from: &piece), let row = rows[y * width + source] else {
                    continue
                }
                nearest[y * width + x] = Int32(row * width + source)
                squares[y * width + x] = Float((x - source) * (x - source) + (y - row) * (y - row))
            }
        }
    }

    /// For every pixel the row of the nearest one of the set in its own column.
    private static func nearestRows(_ set: [Bool], _ width: Int, _ height: Int) -> [Int?] {
        var rows = [Int?](repeating: nil, count: width * height)
        for x in 0..<width {
            var last: Int?
            for y in 0..<height {
                if set[y * width + x] { last = y }
                rows[y * width + x] = last
            }
            last = nil
            for y in (0..<height).reversed() {
                if set[y * width + x] { last = y }
                guard let below = last else { continue }
                if let above = rows[y * width + x], y - above <= below - y { continue }
                rows[y * width + x] = below
            }
        }
        return rows
    }
}

/// The lower envelope of parabolas (x − position)² + height, added from the left to the right.
private struct Envelope {
    private var positions: [Int] = []
    private var heights: [Double] = []
    /// Where each parabola begins to be the lowest.
    private var starts: [Double] = []

    init(capacity: Int) {
        positions.reserveCapacity(capacity)
        heights.reserveCapacity(capacity)
        starts.reserveCapacity(capacity)
    }

    mutating func removeAll() {
        positions.removeAll(keepingCapacity: true)
        heights.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
    }

    mutating func add(_ position: Int, height: Double) {
        var start = -Double.infinity
        while let other = positions.last {
            let (p, q) = (Double(other), Double(position))
            start = ((height + q * q) - (heights[heights.count - 1] + p * p)) / (2 * (q - p))
            guard start <= starts[starts.count - 1] else { break }
            positions.removeLast()
            heights.removeLast()
            starts.removeLast()
            start = -.infinity
        }
        positions.append(position)
        heights.append(height)
        starts.append(start)
    }

    /// The position of the lowest parabola at `x`. `piece` goes on from one x to a larger one.
    func lowest(at x: Int, from piece: inout Int) -> Int? {
        guard !positions.isEmpty else { return nil }
        while piece + 1 < starts.count, starts[piece + 1] <= Double(x) { piece += 1 }
        return positions[piece]
    }
}
