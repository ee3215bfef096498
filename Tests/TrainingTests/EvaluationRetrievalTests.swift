import Scenes
import Testing
import Torch

@testable import Training

struct EvaluationRetrievalTests {
    /// The mean over all choices, by going through every one.
    private func everyProduct(_ values: [Double], choosing count: Int) -> Double {
        var products: [Double] = []
        func choose(_ start: Int, _ left: Int, _ product: Double) {
            if left == 0 { return products.append(product) }
            for index in start..<values.count { choose(index + 1, left - 1, product * values[index]) }
        }
        choose(0, count, 1)
        return products.reduce(0, +) / Double(products.count)
    }

    @Test func meanProductEqualsEveryChoice() {
        var random = Randomness(seed: 4)
        let values = (0..<9).map { _ in Double.random(in: 0...1, using: &random) }
        for count in 0...9 {
            let expected = count == 0 ? 1 : everyProduct(values, choosing: count)
            #expect(abs(Retrieval.meanProduct(of: values, choosing: count) - expected) < 1e-12)
        }
        #expect(Retrieval.meanProduct(of: [Double](repeating: 1, count: 5000), choosing: 99) > 1 - 1e-9)
    }

    @Test func perfectEmbeddingsFindTheirOwn() throws {
        let eye = Tensor.eye(12)
        let matrix = try SimilarityMatrix(cosines: eye * 3, eye * 0.5)
        let own = Array(0..<12)
        #expect(Retrieval.precision(matrix, own: own, groups: own, among: 10).allSatisfy { $0 == 1 })
        let shuffled = shuffledPartners(of: own, seed: 3)
        #expect(Retrieval.precision(matrix, own: shuffled, groups: own, among: 10).allSatisfy { $0 < 0.3 })
        #expect(Retrieval.recall(matrix, rowLabels: own, columnLabels: own, at: 1).allSatisfy { $0 == 1 })
        #expect(matrix.nearest == own)
    }

    @Test func randomEmbeddingsFindTheirOwnByChance() throws {
        let generator = Generator(seed: 7)
        let matrix = try SimilarityMatrix(
            cosines: .randn([300, 16], generator: generator), .randn([300, 16], generator: generator))
        let own = Array(0..<300)
        let values = Retrieval.precision(matrix, own: own, groups: own, among: 100)
        let mean = values.reduce(0, +) / 300
        #expect(abs(mean - 0.01) < 0.006)
        let recall = Retrieval.recall(matrix, rowLabels: own, columnLabels: own, at: 30).reduce(0, +) / 300
        #expect(abs(recall - 0.1) < 0.05)
    }

    @Test func embeddingsThatAreAlikeFindNothing() {
        let matrix = SimilarityMatrix(rows: 3, columns: 3, values: [Float](repeating: 1, count: 9))
        #expect(Retrieval.precision(matrix, own: [0, 1, 2], groups: [0, 1, 2], among: 2) == [0, 0, 0])
        #expect(Retrieval.recall(matrix, rowLabels: [0, 1, 2], columnLabels: [0, 1, 2], at: 1) == [0, 0, 0])
    }

    /// Others with the same caption do not compete, and a group counts once however many pictures it has.
    @Test func groupsCompeteAsOne() {
        let matrix = SimilarityMatrix(rows: 1, columns: 5, values: [0.5, 0.9, 0.8, 0.1, 0.1])
        #expect(Retrieval.precision(matrix, own: [0], groups: [0, 0, 1, 1, 2], among: 3) == [0.5])
        #expect(Retrieval.precision(matrix, own: [0], groups: [0, 0, 1, 1, 2], among: 2) == [0.75])
        #expect(Retrieval.recall(matrix, rowLabels: [7], columnLabels: [7, 7, 1, 1, 2], at: 1) == [1])
        #expect(Retrieval.recall(matrix, rowLabels: [7], columnLabels: [7, 6, 1, 1, 2], at: 2) == [0])
        #expect(Retrieval.recall(matrix, rowLabels: [7], columnLabels: [7, 6, 1, 1, 2], at: 3) == [1])
    }

    @Test func transposesAndLabels() {
        let matrix = SimilarityMatrix(rows: 2, columns: 3, values: [1, 2, 3, 4, 5, 6])
        #expect(matrix.transposed == SimilarityMatrix(rows: 3, columns: 2, values: [1, 4, 2, 5, 3, 6]))
        #expect(labels(["b", "a", "b", "c"]) == [0, 1, 0, 2])
        #expect(means(of: [1, 2, 5], by: [0, 1, 0]) == [3, 2])
        let groups = [0, 0, 1, 2, 2]
        #expect(zip(groups, shuffledPartners(of: groups, seed: 1)).allSatisfy { $0 != groups[$1] })
        #expect(shuffledPartners(of: [4, 4], seed: 1) == [0, 1], "it ends where there is no other group")
    }

    @Test func tablesOfACLIPThatIsPerfect() throws {
        let eye = Tensor.eye(20)
        let own = Array(0..<20)
        let tables = CLIPEvaluation.tables(
            try SimilarityMatrix(cosines: eye, eye), groups: own, prompts: own, among: 10)
        #expect(tables[0].rows.map { $0.values[0]?.value } == [1, 1])
        #expect(tables[0].rows.allSatisfy { ($0.values[1]?.value ?? 1) < 0.2 })
        #expect(
            tables[1].rows.flatMap(\.values) == [Estimate?](repeating: Estimate(value: 1, low: 1, high: 1), count: 6))
    }
}
