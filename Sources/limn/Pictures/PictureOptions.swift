import ArgumentParser
import Foundation
import ImageGeneration
import Imaging

/// What every verb that makes pictures takes: how many, from which seed, with which model, how carefully, and where to.
struct PictureOptions: ParsableArguments {
    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp(
            "How many pictures, 1 to \(ImageRequest.maximumCount). (default: 4; of a series 1)", valueName: "number"))
    var count: Int?

    @Option(help: ArgumentHelp("The first picture's seed; without it one is drawn and printed.", valueName: "number"))
    var seed: UInt64?

    @Option(help: ArgumentHelp("A model's name, or a folder that holds one.", valueName: "name"))
    var model: String?

    @OptionGroup var settings: StageOptions

    @OptionGroup var output: OutputOptions
}

/// Where pictures go, what is told, and what computes them.
struct OutputOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Folder for the pictures; made if it is not there.", valueName: "folder"))
    var out = "out"

    @Option(
        help: ArgumentHelp(
            "The pictures' file format: png, webp (both without loss) or jpeg. All carry their recipe.",
            valueName: "format"))
    var format = ImageFormat.png

    @OptionGroup var engine: EngineOptions

    @Flag(help: "Print the result as JSON on standard output.")
    var json = false

    @Flag(name: .shortAndLong, help: "Show no progress.")
    var quiet = false
}

/// For tasks whose pictures have the model's sizes.
struct SizeOption: ParsableArguments {
    @Option(help: ArgumentHelp("Width and height in pixels; `limn models info` lists them.", valueName: "pixels"))
    var size: String?

    func resolved() throws -> PictureSize? {
        try size.map { text in
            guard let size = PictureSize(text) else {
                throw GenerationError.invalid("size", "'\(text)' is no size; write 256 or 256x256")
            }
            return size
        }
    }
}

/// For tasks that read a text.
struct NegativeOption: ParsableArguments {
    @Option(help: ArgumentHelp("What the pictures shall not show.", valueName: "text"))
    var negative = ""
}

/// For tasks that a model can do more than once, to choose what fits best.
struct CandidatesOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How many candidates are drawn for each picture; the one nearest to what was asked for is kept. They are image "
                + "embeddings of a diffusion prior, or small pictures where the prior has one answer. By default as "
                + "many as the preset says.",
            valueName: "number"))
    var candidates: Int?
}

/// How the known part of a picture is imposed on what is drawn.
struct KnownRegionOptions: ParsableArguments {
    enum Method: String, CaseIterable, ExpressibleByArgument {
        case automatic, conditioning, resampling
    }

    @Option(
        help: ArgumentHelp(
            "How the model is held to what is there: conditioning shows it to models that were trained for it, resampling "
                + "(RePaint) works with all, automatic takes conditioning where it can.", valueName: "method"))
    var method = Method.automatic

    @Option(help: ArgumentHelp("With resampling: how many steps a jump goes back.", valueName: "n"))
    var jumpLength = Resampling().length

    @Option(help: ArgumentHelp("With resampling: how often each stretch is walked; 1 never jumps.", valueName: "n"))
    var jumps = Resampling().repeats

    var resolved: KnownRegionMethod {
        switch method {
        case .automatic: .automatic
        case .conditioning: .conditioning
        case .resampling: .resampling(Resampling(length: jumpLength, repeats: jumps))
        }
    }
}

/// For tasks that give a series of frames.
struct AnimationOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Also write the frames, there and back, as a moving picture: webp or gif.", valueName: "format"))
    var animate: ImageAnimation.Format?
}

extension ImageFormat: ExpressibleByArgument {}
extension ImageAnimation.Format: ExpressibleByArgument {}
extension Blend.Noise: ExpressibleByArgument {}
