import ArgumentParser
import ImageGeneration

struct Draw: PictureVerb {
    static let configuration = CommandConfiguration(
        abstract: "Draw pictures of what a text says, or in the manner of another picture.",
        discussion: """
            EXAMPLES
              limn draw "a red apple with a green leaf"
              limn draw "two sleepy owls" -n 1 --seed 7 --size 512 --out pictures
              limn draw "a blue star" --preset draft --negative "text"
              limn draw "a fox" --steps 30 --steps prior=10 --guidance 4
              limn draw --like drawing.png -n 2
              limn draw "a fox" --json --quiet | jq -r '.pictures[].file'

            Picture i of a batch has the seed S + i; asking for that seed alone gives the same picture. Files are named \
            by the prompt and the seed, and no file is ever overwritten. `limn again` draws a picture a second time.

            EXIT CODES
            \(ExitStatus.table)
            """)

    @Argument(help: "What the pictures shall show. A long prompt is cut to what the model reads.")
    var prompt: String?

    @Option(
        help: ArgumentHelp(
            "Draw variations of this picture (PNG, JPEG or WebP) in place of a prompt.", valueName: "file"),
        completion: .file())
    var like: String?

    @OptionGroup var size: SizeOption
    @OptionGroup var negative: NegativeOption
    @OptionGroup var candidates: CandidatesOption
    @OptionGroup var options: PictureOptions

    var output: OutputOptions { options.output }

    func validate() throws {
        guard (prompt == nil) != (like == nil) else {
            throw ValidationError("Give a prompt, or a picture with --like, and not both.")
        }
    }

    func order() throws -> PictureOrder {
        let source = try like.map { try InputFile($0) }
        let task: ImageTask =
            if let source {
                .variation(Variation(of: source.picture))
            } else {
                .textToImage(prompt: prompt ?? "", negative: negative.negative)
            }
        var order = PictureOrder(
            task, options, slug: prompt ?? source?.stem ?? "", size: try size.resolved(),
            candidates: candidates.candidates)
        order.inputs = [source].compactMap(\.self)
        return order
    }
}
