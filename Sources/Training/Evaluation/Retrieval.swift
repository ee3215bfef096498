import Scenes

/// Whether queries find what belongs to them.
public enum Retrieval {
    /// For each query, the chance that its own candidate is nearer than `size` − 1 others: R-precision@1 of `size`
    /// (Xu et al. 2018, AttnGAN, section 4.1), as the mean over all ways to choose the others.
    ///
    /// The others are drawn from distinct groups, none of them the own one's: a group is a caption, so that no other
    /// candidate is as right as the own one. Of a group with several candidates each is equally likely. A candidate as
    /// near as the own one beats it, so embeddings that are all alike find nothing.
    ///
    /// - Parameters:
    ///   - own: the column that belongs to each row.
    ///   - groups: the group of each column. There must be at least `size` of them.
    public static func precision(
        _ similarities: SimilarityMatrix, own: [Int], groups: [Int], among size: Int
    ) -> [Double] {
        precondition(own.count == similarities.rows && groups.count == similarities.columns)
        let members = Dictionary(grouping: groups.indices) { groups[$0] }.sorted { $0.key < $1.key }
        return own.enumerated().map { row, column in
            let nearness = similarities[row]
            let start = nearness.startIndex
            let goal = nearness[start + column]
            // The chance that each other group's candidate is farther than the own one.
            let survival = members.filter { $0.key != groups[column] }.map { _, columns in
                Double(columns.count { nearness[start + $0] < goal }) / Double(columns.count)
            }
            return meanProduct(of: survival, choosing: size - 1)
        }
    }

    /// The mean, over all choices of `count` of the values, of their product.
    ///
    /// Goes through the values once; `means[k]` holds, for k values chosen so far, their product times the chance that
    /// a random choice has taken k by now.
    static func meanProduct(of values: [Double], choosing count: Int) -> Double {
        precondition(count <= values.count, "\(values.count) values are too few to choose \(count)")
        var means = [Double](repeating: 0, count: count + 1)
        means[0] = 1
        for (index, value) in values.enumerated() {
            let left = Double(values.count - index)
            for taken in stride(from: min(count, index + 1), through: 0, by: -1) {
                let stays = means[taken] * (1 - Double(count - taken) / left)
                let takes = taken == 0 ? 0 : means[taken - 1] * Double(count - taken + 1) / left * value
                means[taken] = max(0, stays) + takes
            }
        }
        return min(1, means[count])
    }

    /// For each query 1 if one of its own label is among the `k` nearest of all candidates, else 0.
    public static func recall(
        _ similarities: SimilarityMatrix, rowLabels: [Int], columnLabels: [Int], at k: Int
    ) -> [Double] {
        rowLabels.enumerated().map { row, label in
            let nearness = Array(similarities[row])
            let goal = zip(nearness, columnLabels).filter { $0.1 == label }.map(\.0).max() ?? -.infinity
            let better = zip(nearness, columnLabels).count { $0.1 != label && $0.0 >= goal }
            return better < k ? 1 : 0
        }
    }
}

/// Numbers for equal things: 0 for the first kind that occurs, 1 for the next, and so on.
func labels<T: Hashable>(_ items: [T]) -> [Int] {
    var known: [T: Int] = [:]
    return items.map { item in
        let label = known[item] ?? known.count
        known[item] = label
        return label
    }
}

/// The mean of each group's values, by the group's number.
func means(of values: [Double], by groups: [Int]) -> [Double] {
    Dictionary(grouping: zip(values, groups), by: \.1).sorted { $0.key < $1.key }.map { _, members in
        members.reduce(0) { $0 + $1.0 } / Double(members.count)
    }
}

/// For each index another one of another group, by chance: the pairing of a floor. Where all are of one group, each
/// index itself.
func shuffledPartners(of groups: [Int], seed: UInt64) -> [Int] {
    guard Set(groups).count > 1 else { return Array(groups.indices) }
    var random = Randomness(seed: seed, UInt64(groups.count))
    return groups.map { group in
        var other = Int.random(in: groups.indices, using: &random)
        while groups[other] == group { other = Int.random(in: groups.indices, using: &random) }
        return other
    }
}
