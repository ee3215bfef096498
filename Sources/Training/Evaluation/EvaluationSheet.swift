import Torch

/// Pictures to look at together, in the order in which they were chosen and not by how they turned out.
public struct EvaluationSheet: Sendable {
    public struct Cell: Sendable {
        public var picture: RGBPicture
        public var caption: String
    }

    /// Names the file.
    public var name: String
    public var title: String
    public var columns: Int
    public var cells: [Cell]
}

extension EvaluationScene {
    public func sheets() throws -> [EvaluationSheet] {
        let sheets = [
            EvaluationSheet(
                name: "drawn", title: "Drawn", columns: 10,
                cells: indices(of: .caption).prefix(100).map { cell(outcome.pictures[$0], words($0)) }),
            EvaluationSheet(
                name: "compared", title: "Real, drawn, and the nearest training picture", columns: 2 * sets.count,
                cells: try indices(of: .caption).prefix(24).flatMap { index in
                    try sets.map { cell(try $0.picture(index), $0.name == real.name ? words(index) : $0.name) }
                }),
            EvaluationSheet(
                name: "colours", title: "Colours", columns: 8,
                cells: indices(of: .colour).prefix(40).map { cell(outcome.pictures[$0], words($0)) }),
            EvaluationSheet(
                name: "grounds", title: "Grounds", columns: 13,
                cells: indices(of: .ground).map { cell(outcome.pictures[$0], words($0)) }),
            EvaluationSheet(
                name: "scenes", title: "Scenes of several things", columns: 10,
                cells: indices(of: .composition).prefix(100).map { cell(outcome.pictures[$0], cases[$0].prompt) }),
            try nearestSheet(),
        ]
        return sheets.filter { !$0.cells.isEmpty }
    }

    /// The drawn pictures that are nearest to a training picture, each beside it.
    private func nearestSheet() throws -> EvaluationSheet {
        let asked = indices(of: .caption)
        let found = try NearestNeighbours(embeddings: drawn.judged.rows(asked), among: trainingJudged)
        let order = asked.indices.sorted { found.distances[$0] < found.distances[$1] }.prefix(12)
        let cells = try order.flatMap { place in
            let row = training[found.indices[place]]
            let neighbour = try RGBPicture(grid: pack.pictures([row], size: side), columns: 1)
            return [
                cell(try drawn.picture(asked[place]), words(asked[place])),
                cell(neighbour, "training: " + pack.rows[row].captions[0]),
            ]
        }
        return EvaluationSheet(
            name: "nearest", title: "The twelve drawn pictures nearest to a training picture, and these", columns: 6,
            cells: cells)
    }

    /// What a case shows, without its style: there is little room.
    private func words(_ index: Int) -> String {
        pack.rows[cases[index].row].captions[0] + (cases[index].ground.map { " on \($0)" } ?? "")
    }

    private func cell(_ picture: RGBPicture, _ caption: String) -> EvaluationSheet.Cell {
        EvaluationSheet.Cell(picture: picture, caption: caption)
    }
}
