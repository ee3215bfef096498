import ArgumentParser
import ImageGeneration

struct Vary: PictureVerb {
    static let configuration = CommandConfiguration(
        abstract: "Draw other pictures with the content and style of one.",
        discussion: """
            EXAMPLES
              limn vary owl.png
              limn vary owl.png --strength 0.3 -n 2              close to the picture
              limn vary owl.png "an owl with a hat"              a text says what else
              limn vary owl.png --strength 0                     the picture, as the model draws it

            With strength 1 the pictures share what CLIP sees in the picture, and nothing else. Below it they begin with \
            the noise that the picture itself is drawn from, mixed with so much fresh noise.

            EXIT CODES
            \(ExitStatus.table)
            """)

    @Argument(help: "The picture: PNG, JPEG or WebP.", completion: .file())
    var picture: String

    @Argument(help: "What else the pictures shall show.")
    var prompt: String?

    @Option(help: ArgumentHelp("0, the picture itself, to 1, free.", valueName: "share"))
    var strength = 1.0

    @OptionGroup var size: SizeOption
    @OptionGroup var negative: NegativeOption
    @OptionGroup var options: PictureOptions

    var output: OutputOptions { options.output }

    func order() throws -> PictureOrder {
        let source = try InputFile(picture)
        let task = Variation(
            of: source.picture, prompt: prompt ?? "", negative: negative.negative, strength: strength)
        var order = PictureOrder(.variation(task), options, slug: source.stem, size: try size.resolved())
        order.inputs = [source]
        return order
    }
}
