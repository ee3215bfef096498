import Torch

extension PicturePack {
    /// The rows of a split that has some.
    /// - Throws: `EvaluationError.noSuchSplit`.
    func rows(in split: String) throws -> [Int] {
        let found = indices(split: split)
        guard !found.isEmpty else {
            throw EvaluationError.noSuchSplit(split, available: Set(rows.map(\.split)).sorted())
        }
        return found
    }

    /// What rows show, by number: rows with equal main captions have equal numbers, whatever their style.
    func captionGroups(_ indices: [Int]) -> [Int] { labels(indices.map { rows[$0].captions[0].lowercased() }) }

    /// Pictures over a ground: (count, 3, size, size) float32 in −1…1.
    func pictures(_ indices: [Int], size: Int, on ground: Ground = .white) throws -> Tensor {
        try pictures(indices.map { Draw(caption: "", ground: ground, subjects: [Subject(index: $0)]) }, size: size)
    }

    /// The pack's smallest size that is not below `size`, or its largest.
    func size(atLeast size: Int) -> Int { sizes.sorted().first { $0 >= size } ?? sizes.max() ?? size }
}
