import Torch

/// The pictures of all cases from one source, and what the CLIPs make of them. Rows are in the order of the cases.
struct PictureSet {
    var name: String
    /// (cases, 3, side, side) in −1…1.
    var pictures: Tensor
    /// The judge's embeddings (cases, width).
    var judged: Tensor
    /// The model's own CLIP's embeddings (cases, width); nil where the model has none.
    var own: Tensor?

    init(_ name: String, _ pictures: Tensor, judge: CLIPEncoder, own: CLIPEncoder?) throws {
        self.name = name
        self.pictures = pictures
        judged = try judge.encode(pictures)
        self.own = try own?.encode(pictures)
    }

    func picture(_ index: Int) throws -> RGBPicture {
        try RGBPicture(grid: pictures.narrow(dim: 0, start: index, length: 1), columns: 1)
    }
}

/// What a model did with the cases.
public struct EvaluationOutcome: Sendable {
    /// One picture a case, of any size.
    public var pictures: [RGBPicture]
    /// Seconds that each picture took.
    public var seconds: [Double]
    /// The image embeddings that the prior predicted, one a case; nil where they are not known.
    public var predicted: [[Float]]?

    public init(pictures: [RGBPicture], seconds: [Double], predicted: [[Float]]? = nil) {
        self.pictures = pictures
        self.seconds = seconds
        self.predicted = predicted
    }
}

/// Everything that metrics look at. It lives on one worker, as its tensors do.
public struct EvaluationScene {
    let pack: PicturePack
    let split: String
    let cases: [EvaluationCase]
    let outcome: EvaluationOutcome
    let judge: CLIPEncoder
    /// Width and height at which pixels are compared.
    let side: Int
    /// What the model drew, the real pictures, and for each prompt the training picture that the model's own CLIP
    /// finds nearest, where it has an image encoder.
    let drawn: PictureSet
    let real: PictureSet
    let retrieved: PictureSet?
    /// The rows of the training pictures, and the judge's embeddings of them.
    let training: [Int]
    let trainingJudged: Tensor

    var sets: [PictureSet] { [real, drawn] + [retrieved].compactMap { $0 } }

    /// - Parameters:
    ///   - judge: a CLIP that took no part in making or choosing the pictures.
    ///   - own: the model's own CLIP; nil where it has no image encoder.
    ///   - progress: called with what is done next; may throw to stop.
    public init(
        pack: PicturePack, split: String, cases: [EvaluationCase], outcome: EvaluationOutcome, judge: CLIPEncoder,
        own: CLIPEncoder?, progress: (String) throws -> Void = { _ in }
    ) throws {
        self.pack = pack
        self.split = split
        self.cases = cases
        self.outcome = outcome
        self.judge = judge
        let side = pack.size(atLeast: judge.imageSize)
        self.side = side
        let training = try pack.rows(in: "train")
        self.training = training
        try progress("looking at the training pictures")
        trainingJudged = try judge.encode(pack, training)
        drawn = try PictureSet(
            "drawn", try .cat(outcome.pictures.map { try $0.tensor(side: side) }, dim: 0), judge: judge, own: own)
        let real = try cases.map { item in
            try item.composition.map { try pack.pictures([$0.real], size: side) }
                ?? pack.pictures([item.row], size: side, on: Ground.named(item.ground))
        }
        self.real = try PictureSet("real", .cat(real, dim: 0), judge: judge, own: own)
        retrieved = try own.map { own in
            try progress("finding the nearest training pictures")
            let prompts = try own.encode(cases.map(\.prompt))
            let nearest = try SimilarityMatrix(cosines: prompts, own.encode(pack, training)).nearest
            let pictures = try pack.pictures(nearest.map { training[$0] }, size: side)
            return try PictureSet("nearest training picture", pictures, judge: judge, own: own)
        }
    }

    /// What makes the figures mean less than they say.
    public func warnings() throws -> [String] {
        guard let own = drawn.own, own.shape == drawn.judged.shape else { return [] }
        // The spaces of CLIPs that were trained apart have nothing to do with each other: cosines between them are small.
        let cosine = (own.normalize(dim: -1) * drawn.judged.normalize(dim: -1)).sum(dims: [1]).mean()
        guard try cosine.item() > 0.5 else { return [] }
        return [
            "The judge is the model's own CLIP, or of the same run: it finds what it was itself asked to draw, and "
                + "R-precision is too high. Train another one with another seed."
        ]
    }

    /// The places of the cases that serve a purpose.
    func indices(of purpose: EvaluationCase.Purpose) -> [Int] {
        cases.indices.filter { cases[$0].purposes.contains(purpose) }
    }
}

extension Tensor {
    func rows(_ indices: [Int]) -> Tensor { indexSelect(dim: 0, indices: Tensor(indices.map(Int64.init))) }
}

extension RGBPicture {
    /// (1, 3, side, side) in −1…1, resized with antialiasing.
    func tensor(side: Int) throws -> Tensor {
        let planes = Tensor(bytes, shape: [1, height, width, 3]).permute([0, 3, 1, 2]).to(.float32) * (2 / 255) - 1
        guard (width, height) != (side, side) else { return planes.contiguous() }
        return planes.interpolate(size: [side, side], mode: .bicubic, antialias: true).clamp(min: -1, max: 1)
    }
}

extension Ground {
    static func named(_ name: String?) -> Ground { named.first { $0.name == name } ?? .white }
}
