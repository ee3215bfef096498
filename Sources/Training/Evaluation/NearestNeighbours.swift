import Torch

/// For each query the nearest of many, found in parts.
struct NearestNeighbours: Sendable, Equatable {
    private(set) var distances: [Double]
    /// The nearest one's place among all that were looked at; -1 before the first part.
    private(set) var indices: [Int]
    private var seen = 0

    init(queries: Int) {
        distances = [Double](repeating: .infinity, count: queries)
        indices = [Int](repeating: -1, count: queries)
    }

    /// By pixels: the root mean squared difference of pictures (n, 3, h, w) in −1…1, in units of the whole range.
    /// - Parameters:
    ///   - count: how many pictures to look among.
    ///   - pictures: gives some of them, by their places.
    init(pixels queries: Tensor, among count: Int, pictures: (Range<Int>) throws -> Tensor) throws {
        self.init(queries: queries.size(0))
        // Most grounds are white: counted from there, numbers are small and their differences exact.
        let ours = (1 - queries.flatten(from: 1)) * 0.5
        let squares = ours.square().sum(dims: [1], keepDim: true)
        for start in stride(from: 0, to: count, by: 512) {
            let places = start..<min(start + 512, count)
            let theirs = (1 - (try pictures(places)).flatten(from: 1)) * 0.5
            let products = ours.matmul(theirs.transpose(0, 1))
            let squared = squares + theirs.square().sum(dims: [1]).unsqueeze(0) - products * 2
            let distance = (squared.clamp(min: 0) / Double(max(1, ours.size(1)))).sqrt()
            look(among: try distance.floats(), count: places.count)
        }
    }

    /// By embeddings: 1 − cosine.
    init(embeddings queries: Tensor, among others: Tensor) throws {
        self.init(queries: queries.size(0))
        let cosines = try SimilarityMatrix(cosines: queries, others)
        look(among: cosines.values.map { 1 - $0 }, count: others.size(0))
    }

    /// Looks at `count` more; their distances are (queries, count).
    private mutating func look(among more: [Float], count: Int) {
        for query in distances.indices {
            for place in 0..<count where Double(more[query * count + place]) < distances[query] {
                distances[query] = Double(more[query * count + place])
                indices[query] = seen + place
            }
        }
        seen += count
    }
}
