import Imaging

extension Recipe {
    /// The request that draws the picture again.
    ///
    /// - Parameters:
    ///   - pictures: for each input of that role the picture, in their order.
    ///   - mask: where an input is one.
    /// - Throws: `GenerationError` of kind `.invalidRequest` for a recipe that does not fit itself or the pictures.
    public func request(pictures: [ImageBuffer], mask: Mask?) throws(GenerationError) -> ImageRequest {
        guard version <= Self.currentVersion else {
            throw .invalid(
                "recipe",
                "the recipe has version \(version); this Limn reads up to \(Self.currentVersion): use a newer one")
        }
        guard pictures.count == inputs.filter({ $0.role == .picture }).count,
            (mask == nil) != inputs.contains(where: { $0.role == .mask })
        else {
            throw .invalid("inputs", "the recipe has \(inputs.count) pictures and masks, and other ones were given")
        }
        return ImageRequest(
            try imageTask(pictures, mask), model: model, count: 1, size: size, seed: seed, preset: preset,
            stages: stages, candidates: candidates)
    }

    private func imageTask(_ pictures: [ImageBuffer], _ mask: Mask?) throws(GenerationError) -> ImageTask {
        func picture() throws(GenerationError) -> ImageBuffer {
            guard let first = pictures.first else {
                throw .invalid("recipe", "the recipe names no picture, and its task needs one")
            }
            return first
        }
        switch task {
        case .textToImage(let prompt, let negative):
            return .textToImage(prompt: prompt, negative: negative)
        case .inpaint(let prompt, let negative, let method, let feather, let context):
            return .inpaint(
                Inpainting(
                    try picture(), mask: mask, prompt: prompt, negative: negative, method: method, feather: feather,
                    context: context))
        case .outpaint(let prompt, let negative, let margins, let method, let overlap):
            return .outpaint(
                Outpainting(
                    try picture(), margins: margins, prompt: prompt, negative: negative, method: method,
                    overlap: overlap))
        case .variation(let prompt, let negative, let strength):
            return .variation(
                Variation(of: try picture(), prompt: prompt, negative: negative, strength: strength))
        case .blend(let texts, let weights, let noise):
            guard texts.filter({ $0 == nil }).count == pictures.count else {
                throw .invalid("recipe", "the recipe blends other pictures than it names")
            }
            var rest = pictures[...]
            let sources = texts.compactMap { text -> Blend.Source? in
                text.map(Blend.Source.text) ?? rest.popFirst().map(Blend.Source.picture)
            }
            return .blend(Blend(sources, weights: weights, noise: noise))
        case .textDifference(let from, let to, let amount):
            return .textDifference(TextDifference(try picture(), from: from, to: to, amounts: [amount]))
        }
    }
}

/// Writes the recipes of a request's pictures.
public struct RecipeBook: Sendable {
    private let task: ImageTask
    private let count: Int
    private let common: Recipe

    /// - Parameters:
    ///   - model: the model's name.
    ///   - digest: of the model's files, if it is known.
    public init(_ request: ImageRequest, model: String, digest: String?, device: String, dtype: String) {
        task = request.task
        count = request.count
        common = Recipe(
            version: Recipe.currentVersion, limn: LimnVersion.current, model: model, modelDigest: digest,
            task: Recipe.Task(request.task, frame: 0), inputs: request.task.inputs, seed: 0, size: request.size,
            preset: request.preset, stages: request.stages, candidates: request.candidates, device: device,
            dtype: dtype)
    }

    /// - Parameters:
    ///   - index: the picture's, frame × count + take.
    ///   - seed: the picture's own.
    public func recipe(index: Int, seed: UInt64) -> Recipe {
        var recipe = common
        recipe.seed = seed
        recipe.task = Recipe.Task(task, frame: index / count)
        return recipe
    }
}
