import Torch

/// How near each query (row) is to each candidate (column); larger is nearer.
public struct SimilarityMatrix: Sendable, Equatable {
    public let rows: Int
    public let columns: Int
    /// Row by row.
    public let values: [Float]

    public init(rows: Int, columns: Int, values: [Float]) {
        precondition(values.count == rows * columns, "\(values.count) values do not fill \(rows) × \(columns)")
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    /// Cosines of embeddings (queries, width) and (candidates, width).
    public init(cosines queries: Tensor, _ candidates: Tensor) throws {
        let product = queries.normalize(dim: -1).matmul(candidates.normalize(dim: -1).transpose(0, 1))
        self.init(rows: queries.size(0), columns: candidates.size(0), values: try product.floats())
    }

    /// One query's row.
    public subscript(row: Int) -> ArraySlice<Float> { values[row * columns..<(row + 1) * columns] }

    /// Queries and candidates exchanged.
    public var transposed: SimilarityMatrix {
        var turned = [Float](repeating: 0, count: values.count)
        for row in 0..<rows {
            for column in 0..<columns { turned[column * rows + row] = values[row * columns + column] }
        }
        return SimilarityMatrix(rows: columns, columns: rows, values: turned)
    }

    /// For each query the nearest candidate, the first of equals.
    public var nearest: [Int] {
        (0..<rows).map { row in
            let own = self[row]
            let best = own.indices.reduce(own.startIndex) { own[$1] > own[$0] ? $1 : $0 }
            return best - own.startIndex
        }
    }
}
