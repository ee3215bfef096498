import ArgumentParser
import Foundation
import ImageGeneration

struct BlendCommand: PictureVerb {
    static let configuration = CommandConfiguration(
        commandName: "blend", abstract: "Draw pictures between pictures and texts.",
        discussion: """
            EXAMPLES
              limn blend cat.png lion.png                                   half and half
              limn blend cat.png lion.png --weights 3,1                     more cat than lion
              limn blend owl.png --text "a blue star" --weights 0.6,0.4     a picture and a text
              limn blend cat.png lion.png --frames 8 --animate webp         a series from one to the other
              limn blend --text "a red apple" --text "a green pear" --frames 5 --noise slerped

            Sources are \(Blend.sourceCounts.lowerBound) to \(Blend.sourceCounts.upperBound) pictures and texts; weights are given in \
            their order, the pictures first, and count by their shares. A series goes from the first of two sources to the \
            second, both included.

            EXIT CODES
            \(ExitStatus.table)
            """)

    @Argument(help: "Pictures: PNG, JPEG or WebP.", completion: .file())
    var pictures: [String] = []

    @Option(help: ArgumentHelp("A text to blend in. May be repeated.", valueName: "text"))
    var text: [String] = []

    @Option(help: ArgumentHelp("A weight for each source, such as 3,1. (default: all alike)", valueName: "list"))
    var weights: WeightList?

    @Option(help: ArgumentHelp("Draw a series of so many frames between two sources.", valueName: "number"))
    var frames: Int?

    @Option(
        help: ArgumentHelp(
            "What the frames' noise has in common: shared, one for all, or slerped, interpolated like the sources.",
            valueName: "kind"))
    var noise = Blend.Noise.shared

    @OptionGroup var animation: AnimationOption
    @OptionGroup var size: SizeOption
    @OptionGroup var candidates: CandidatesOption
    @OptionGroup var options: PictureOptions

    var output: OutputOptions { options.output }

    func validate() throws {
        guard frames == nil || weights == nil else {
            throw ValidationError("A series has its own weights: give --frames or --weights, and not both.")
        }
        guard frames != nil || animation.animate == nil else {
            throw ValidationError("Only a series moves: give --frames with --animate.")
        }
    }

    func order() throws -> PictureOrder {
        let files = try pictures.map { try InputFile($0) }
        let sources = files.map { Blend.Source.picture($0.picture) } + text.map(Blend.Source.text)
        let blend = try blend(sources)
        let names = files.map(\.stem) + text
        var order = PictureOrder(
            .blend(blend), options, slug: names.joined(separator: " "), count: frames == nil ? 4 : 1,
            size: try size.resolved(), candidates: candidates.candidates)
        order.inputs = files
        order.frames = blend.frames.map { weights in
            String(format: "%.0f %%", 100 * (weights.last ?? 0) / max(weights.reduce(0, +), .leastNormalMagnitude))
        }
        order.animation = animation.animate
        return order
    }

    private func blend(_ sources: [Blend.Source]) throws -> Blend {
        guard let frames else {
            return Blend(
                sources, weights: weights?.values ?? sources.map { _ in 1 }, noise: noise)
        }
        guard sources.count == 2 else {
            throw GenerationError.invalid(
                "frames", "a series goes from one source to another; there are \(sources.count): expected 2")
        }
        return Blend(from: sources[0], to: sources[1], frames: frames, noise: noise)
    }
}

/// Numbers with commas between them.
struct WeightList: ExpressibleByArgument {
    var values: [Double]

    init?(argument: String) {
        let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map {
            Double($0.trimmingCharacters(in: .whitespaces))
        }
        guard !numbers.contains(nil) else { return nil }
        values = numbers.compactMap(\.self)
    }
}
