import ArgumentParser
import ImageGeneration

struct Outpaint: PictureVerb {
    static let configuration = CommandConfiguration(
        abstract: "Let a picture go on past its edges.",
        discussion: """
            Say by how much: by pixels for each side, to a size, or to an aspect. The picture itself comes back bit for \
            bit; around it frames are painted one after the other, each over a part of what is there, and as large as the \
            model can draw and the picture is.

            EXAMPLES
              limn outpaint house.png "a house in a field" --left 128 --right 128
              limn outpaint face.png "a face on a wall" --all 64
              limn outpaint face.png "a face on a wall" --to 512x384
              limn outpaint photo.jpg "a mountain lake" --aspect 16:9 -n 2
              limn outpaint photo.jpg "a mountain lake" --top 300 --overlap 0.75

            EXIT CODES
            \(ExitStatus.table)
            """)

    @Argument(help: "The picture: PNG, JPEG or WebP.", completion: .file())
    var picture: String

    @Argument(help: "What the whole picture shall show.")
    var prompt: String

    @OptionGroup var growth: GrowthOptions

    @Option(
        help: ArgumentHelp(
            "The least share of a frame that lies over what is there, "
                + "\(Outpainting.overlaps.lowerBound) to \(Outpainting.overlaps.upperBound).", valueName: "share"))
    var overlap = 0.5

    @OptionGroup var method: KnownRegionOptions
    @OptionGroup var negative: NegativeOption
    @OptionGroup var candidates: CandidatesOption
    @OptionGroup var options: PictureOptions

    var output: OutputOptions { options.output }

    func order() throws -> PictureOrder {
        let source = try InputFile(picture)
        let size = PictureSize(width: source.picture.width, height: source.picture.height)
        let task = Outpainting(
            source.picture, margins: try growth.margins(of: size), prompt: prompt, negative: negative.negative,
            method: method.resolved, overlap: overlap)
        var order = PictureOrder(.outpaint(task), options, slug: prompt, candidates: candidates.candidates)
        order.inputs = [source]
        return order
    }
}

/// By how much a picture grows.
struct GrowthOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Grow to the left.", valueName: "pixels"))
    var left: Int?

    @Option(help: ArgumentHelp("Grow to the right.", valueName: "pixels"))
    var right: Int?

    @Option(help: ArgumentHelp("Grow upwards.", valueName: "pixels"))
    var top: Int?

    @Option(help: ArgumentHelp("Grow downwards.", valueName: "pixels"))
    var bottom: Int?

    @Option(help: ArgumentHelp("Grow on the sides that are not named.", valueName: "pixels"))
    var all: Int?

    @Option(help: ArgumentHelp("Grow to this size, the picture in the middle.", valueName: "WxH"))
    var to: String?

    @Option(
        help: ArgumentHelp("Grow to this aspect in the one direction that it needs, such as 16:9.", valueName: "W:H"))
    var aspect: String?

    private var sides: [Int?] { [left, right, top, bottom, all] }

    func validate() throws {
        let ways = [sides.contains { $0 != nil }, to != nil, aspect != nil].filter(\.self).count
        guard ways == 1 else {
            throw ValidationError(
                "Say by how much the picture grows, in one way: with --left, --right, --top, --bottom and --all, or with --to, or with --aspect."
            )
        }
    }

    /// - Throws: `GenerationError` for what is no size and no aspect.
    func margins(of picture: PictureSize) throws -> Margins {
        if let to {
            guard let size = PictureSize(to) else {
                throw GenerationError.invalid("to", "'\(to)' is no size; write 512x384")
            }
            guard size.width >= picture.width, size.height >= picture.height, size != picture else {
                throw GenerationError.invalid("to", "the picture is \(picture) and cannot grow to \(size)")
            }
            return Margins(from: picture, to: size)
        }
        if let aspect {
            let sides = aspect.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) ?? 0 }
            guard sides.count == 2, sides.allSatisfy({ $0 > 0 && $0.isFinite }),
                (0.01...100).contains(sides[0] / sides[1])
            else {
                throw GenerationError.invalid(
                    "aspect", "'\(aspect)' is no aspect; write width:height, such as 16:9, up to 100:1")
            }
            let margins = Margins(from: picture, aspect: sides[0] / sides[1])
            guard margins != Margins() else {
                throw GenerationError.invalid(
                    "aspect", "the picture is \(picture) and has the aspect \(aspect) already")
            }
            return margins
        }
        let rest = all ?? 0
        return Margins(left: left ?? rest, top: top ?? rest, right: right ?? rest, bottom: bottom ?? rest)
    }
}
