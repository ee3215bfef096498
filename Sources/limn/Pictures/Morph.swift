import ArgumentParser
import Foundation
import ImageGeneration

struct Morph: PictureVerb {
    static let configuration = CommandConfiguration(
        abstract: "Move a picture along the difference of two texts.",
        discussion: """
            The picture is led back to the noise that it is drawn from, and drawn again with its embedding moved from what \
            one text says towards what another says. Everything else stays as it is.

            EXAMPLES
              limn morph cat.png --from "a photo of a cat" --to "a photo of a lion"
              limn morph cat.png --from "a cat" --to "a lion" --theta 0.2
              limn morph cat.png --from "a cat" --to "a lion" --theta 0.5 --frames 8 --animate gif
              limn morph face.png --from "a sad face" --to "a happy face" --frames 5

            EXIT CODES
            \(ExitStatus.table)
            """)

    @Argument(help: "The picture: PNG, JPEG or WebP.", completion: .file())
    var picture: String

    @Option(help: ArgumentHelp("What the picture shows.", valueName: "text"))
    var from: String

    @Option(help: ArgumentHelp("What it shall show.", valueName: "text"))
    var to: String

    @Option(
        help: ArgumentHelp(
            "How far it moves, \(TextDifference.amounts.lowerBound) to \(TextDifference.amounts.upperBound).",
            valueName: "share"))
    var theta = 0.35

    @Option(help: ArgumentHelp("Draw a series of so many frames, from the picture to theta.", valueName: "number"))
    var frames: Int?

    @OptionGroup var animation: AnimationOption
    @OptionGroup var size: SizeOption
    @OptionGroup var options: PictureOptions

    var output: OutputOptions { options.output }

    func validate() throws {
        guard frames != nil || animation.animate == nil else {
            throw ValidationError("Only a series moves: give --frames with --animate.")
        }
    }

    func order() throws -> PictureOrder {
        let source = try InputFile(picture)
        let task =
            if let frames {
                TextDifference(source.picture, from: from, to: to, upTo: theta, frames: frames)
            } else {
                TextDifference(source.picture, from: from, to: to, amounts: [theta])
            }
        var order = PictureOrder(
            .textDifference(task), options, slug: "\(source.stem) \(to)", count: 1, size: try size.resolved())
        order.inputs = [source]
        order.frames = task.amounts.map { String(format: "θ %.2f", $0) }
        order.animation = animation.animate
        return order
    }
}
