import ArgumentParser
import ImageGeneration
import Imaging

struct Edit: PictureVerb {
    static let configuration = CommandConfiguration(
        abstract: "Paint a region of a picture anew.",
        discussion: """
            The mask is a PNG or WebP of the picture's size: where it is transparent, the picture is painted anew. Without \
            a mask the picture's own transparency says where. Whatever the mask keeps wholly comes back bit for bit, at \
            any size: a large picture is edited in a window around the region.

            EXAMPLES
              limn edit face.png --mask hat.png "a smiling face with a red hat"
              limn edit erased.png "a green field"                the transparent part is painted
              limn edit photo.jpg --mask sky.png "a sunset" --feather 12 -n 2
              limn edit face.png --mask hat.png "a hat" --context 1.5
              limn edit face.png --mask hat.png "a hat" --method resampling --jumps 5

            EXIT CODES
            \(ExitStatus.table)
            """)

    @Argument(help: "The picture: PNG, JPEG or WebP.", completion: .file())
    var picture: String

    @Argument(help: "What the whole picture shall show, not the region alone.")
    var prompt: String

    @Option(
        help: ArgumentHelp("A picture that is transparent where to paint anew.", valueName: "file"),
        completion: .file())
    var mask: String?

    @Option(
        help: ArgumentHelp(
            "Blend old and new over so many pixels, inwards from the region's edge.", valueName: "pixels"))
    var feather = 0

    @Option(
        help: ArgumentHelp(
            "How much around the region the model sees, as a share of the region's longer side.", valueName: "share"))
    var context = 0.5

    @OptionGroup var method: KnownRegionOptions
    @OptionGroup var negative: NegativeOption
    @OptionGroup var candidates: CandidatesOption
    @OptionGroup var options: PictureOptions

    var output: OutputOptions { options.output }

    func order() throws -> PictureOrder {
        let source = try InputFile(picture)
        let mask = try mask.map { try InputFile($0) }
        let task = Inpainting(
            source.picture, mask: try mask?.mask, prompt: prompt, negative: negative.negative, method: method.resolved,
            feather: feather, context: context)
        var order = PictureOrder(
            .inpaint(task), options, slug: prompt, candidates: candidates.candidates)
        order.inputs = [source, mask].compactMap(\.self)
        return order
    }
}
