import Imaging

extension ImageTask {
    /// - Throws: `GenerationError` of kind `.invalidRequest` for a value that no model could take.
    func validate() throws(GenerationError) {
        switch self {
        case .textToImage(let prompt, _): try Self.checkText(prompt, "prompt")
        case .inpaint(let inpainting): try inpainting.validate()
        case .outpaint(let outpainting): try outpainting.validate()
        case .variation(let variation): try variation.validate()
        case .blend(let blend): try blend.validate()
        case .textDifference(let difference): try difference.validate()
        }
    }

    static func checkText(_ text: String, _ parameter: String) throws(GenerationError) {
        guard text.unicodeScalars.contains(where: \.isInk) else {
            throw .invalid(parameter, "the \(parameter) is empty; say what the picture shall show")
        }
    }
}

extension Inpainting {
    public static let feathers = 0...1024
    public static let contexts = 0.0...8.0

    func validate() throws(GenerationError) {
        try ImageTask.checkText(prompt, "prompt")
        guard mask != nil || picture.hasAlpha else {
            throw .invalid(
                "mask",
                "there is no mask and the picture has no alpha; send a mask, or a picture that is transparent "
                    + "where it shall be painted anew")
        }
        if let mask, mask.width != picture.width || mask.height != picture.height {
            throw .invalid(
                "mask",
                "the mask is \(mask.width)x\(mask.height) and the picture \(picture.width)x\(picture.height); "
                    + "they must have one size")
        }
        guard Self.feathers.contains(feather) else {
            throw .invalid("feather", "the feather is \(feather) pixels; expected 0 to \(Self.feathers.upperBound)")
        }
        guard Self.contexts.contains(context) else {
            throw .invalid("context", "the context is \(context); expected 0 to \(Self.contexts.upperBound)")
        }
        try method.validate()
    }
}

extension KnownRegionMethod {
    func validate() throws(GenerationError) {
        guard case .resampling(let resampling) = self else { return }
        guard (1...1000).contains(resampling.length), (1...100).contains(resampling.repeats) else {
            throw .invalid(
                "method",
                "jumps of \(resampling.length) steps, \(resampling.repeats) times; expected 1 to 1000 steps and 1 to "
                    + "100 times")
        }
    }
}

extension Outpainting {
    public static let overlaps = 0.25...0.75
    /// Width × height that a picture may grow to.
    public static let maximumPixels = 64 << 20
    public static let maximumMargin = 16384

    func validate() throws(GenerationError) {
        try ImageTask.checkText(prompt, "prompt")
        let sides = [margins.left, margins.top, margins.right, margins.bottom]
        guard sides.allSatisfy({ (0...Self.maximumMargin).contains($0) }), sides.contains(where: { $0 > 0 }) else {
            throw .invalid(
                "margins",
                "the margins are \(sides.map(String.init).joined(separator: ", ")) (left, top, right, bottom); expected "
                    + "0 to \(Self.maximumMargin) pixels, and more than 0 on a side")
        }
        let width = picture.width + margins.left + margins.right
        let height = picture.height + margins.top + margins.bottom
        guard width <= Self.maximumPixels / height else {
            throw .invalid(
                "margins", "the picture would be \(width)x\(height); at most \(Self.maximumPixels) pixels are drawn")
        }
        guard Self.overlaps.contains(overlap) else {
            throw .invalid(
                "overlap",
                "the overlap is \(overlap); expected \(Self.overlaps.lowerBound) to \(Self.overlaps.upperBound)")
        }
        try method.validate()
    }
}

extension Variation {
    func validate() throws(GenerationError) {
        guard (0...1).contains(strength) else {
            throw .invalid("strength", "the strength is \(strength); expected 0 (a copy) to 1 (free)")
        }
    }
}

extension Blend {
    func validate() throws(GenerationError) {
        guard Self.sourceCounts.contains(sources.count) else {
            throw .invalid(
                "sources",
                "there are \(sources.count) pictures and texts to blend; expected \(Self.sourceCounts.lowerBound) to "
                    + "\(Self.sourceCounts.upperBound)")
        }
        for case .text(let text) in sources { try ImageTask.checkText(text, "text") }
        guard (1...Self.maximumFrames).contains(frames.count) else {
            throw .invalid("frames", "there are \(frames.count) frames; expected 1 to \(Self.maximumFrames)")
        }
        for weights in frames {
            guard weights.count == sources.count else {
                throw .invalid(
                    "weights", "there are \(weights.count) weights for \(sources.count) sources; give one for each")
            }
            let sum = weights.reduce(0, +)
            guard weights.allSatisfy({ $0 >= 0 && $0.isFinite }), sum > 0, sum.isFinite else {
                throw .invalid("weights", "weights are 0 or more, and not all 0")
            }
        }
    }
}

extension TextDifference {
    func validate() throws(GenerationError) {
        try ImageTask.checkText(from, "from")
        try ImageTask.checkText(to, "to")
        guard (1...Blend.maximumFrames).contains(amounts.count) else {
            throw .invalid("frames", "there are \(amounts.count) frames; expected 1 to \(Blend.maximumFrames)")
        }
        for amount in amounts where !Self.amounts.contains(amount) {
            throw .invalid(
                "theta",
                "θ is \(amount); expected \(Self.amounts.lowerBound) to \(Self.amounts.upperBound)")
        }
    }
}

extension Unicode.Scalar {
    /// Whether a text that consists of this scalar alone would say something.
    fileprivate var isInk: Bool {
        switch properties.generalCategory {
        case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
