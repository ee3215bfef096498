import ImageGeneration
import Imaging

/// What a task asks for, in the words of a plan and before any model's stages are looked at.
struct TaskOutline {
    var subjects: [Subject]
    var negative = ""
    /// Weights of each subject's own noises; nil: one noise for each picture.
    var noiseWeights: [[Double]]?
    var inversion: Inversion?
    /// How much of the guidance scale counts, 0…1: a picture that is led back to its noise comes out of it again only
    /// where nothing pulls it elsewhere.
    var guidanceShare = 1.0
    var known: KnownPicture?

    /// A picture of which a part is given.
    struct KnownPicture {
        var picture: ImageBuffer
        var mask: Mask
        var method: KnownRegionMethod
        var feather = 0
        var frames: Frames

        enum Frames {
            /// One window around what is to be painted.
            case window(context: Double)
            /// Frames of a size of the model's outwards from the known picture, which has this size.
            case outwards(from: PictureSize, overlap: Double)
        }
    }
}

extension ImageTask {
    /// - Parameter size: what the pictures shall have; nil: what the task itself leads to.
    /// - Parameter embeds: what the model can make embeddings of.
    func outline(size: PictureSize?, embeds: Set<EmbeddingInput>) throws(GenerationError) -> TaskOutline {
        switch self {
        case .textToImage(let prompt, let negative):
            TaskOutline(subjects: [Subject(prompt: prompt, embedding: .text(prompt))], negative: negative)
        case .inpaint(let task): try task.outline(size: size)
        case .outpaint(let task): try task.outline(size: size, embeds: embeds)
        case .variation(let task): task.outline
        case .blend(let task): task.outline
        case .textDifference(let task): task.outline
        }
    }
}

extension Inpainting {
    fileprivate func outline(size: PictureSize?) throws(GenerationError) -> TaskOutline {
        let (picture, mask) = try sized(size)
        guard !mask.keepsAll else {
            throw .invalid(
                "mask", "the mask keeps the whole picture; make it transparent where the picture shall be painted anew")
        }
        return TaskOutline(
            subjects: [Subject(prompt: prompt, embedding: .text(prompt))], negative: negative,
            known: .init(
                picture: picture, mask: mask, method: method, feather: feather, frames: .window(context: context)))
    }

    /// The picture and its mask at the size that was asked for. A pixel is kept only where all it was made from was.
    private func sized(_ size: PictureSize?) throws(GenerationError) -> (ImageBuffer, Mask) {
        let picture = mask == nil ? self.picture.opaque : self.picture
        do {
            let mask = try self.mask ?? Mask(alphaOf: self.picture)
            guard let size, size != PictureSize(width: picture.width, height: picture.height) else {
                return (picture, mask)
            }
            guard size.width * picture.height == size.height * picture.width, size.width <= 8192, size.height <= 8192
            else {
                throw GenerationError.unsupported(
                    "size",
                    "the picture is \(picture.width)x\(picture.height) and cannot become \(size); ask for a size of the "
                        + "same shape of at most 8192 pixels a side, or for none")
            }
            return (
                try picture.resized(width: size.width, height: size.height, filter: .lanczos3),
                try mask.conservativelyResized(width: size.width, height: size.height)
            )
        } catch let error as GenerationError {
            throw error
        } catch {
            throw .invalid("image", "\(error)")
        }
    }
}

extension Outpainting {
    /// How much of the embedding is the picture's own, where the model can see it: what goes on past the edges shall be
    /// of the same kind, which a text alone seldom says.
    private static let ownShare = 0.5

    private func embedding(_ embeds: Set<EmbeddingInput>) -> Subject.Embedding {
        guard embeds.contains(.picture) else { return .text(prompt) }
        return .blend([
            .init(.text(prompt), weight: 1 - Self.ownShare), .init(.picture(picture), weight: Self.ownShare),
        ])
    }

    fileprivate func outline(
        size: PictureSize?, embeds: Set<EmbeddingInput>
    ) throws(GenerationError) -> TaskOutline {
        guard size == nil else {
            throw .unsupported("size", "a picture that is extended has the size that its margins give it; ask for none")
        }
        do {
            let (grown, mask) = try picture.grown(
                left: margins.left, top: margins.top, right: margins.right, bottom: margins.bottom)
            return TaskOutline(
                subjects: [Subject(prompt: prompt, embedding: embedding(embeds))], negative: negative,
                known: .init(
                    picture: grown, mask: mask, method: method,
                    frames: .outwards(
                        from: PictureSize(width: picture.width, height: picture.height), overlap: overlap)))
        } catch {
            throw .invalid("image", "\(error)")
        }
    }
}

extension Variation {
    fileprivate var outline: TaskOutline {
        TaskOutline(
            subjects: [Subject(prompt: prompt, embedding: .picture(picture))], negative: negative,
            inversion: strength < 1 ? Inversion(picture, freshNoise: strength) : nil, guidanceShare: strength)
    }
}

extension Blend {
    fileprivate var outline: TaskOutline {
        let parts = sources.map { source -> Subject.Embedding in
            switch source {
            case .picture(let picture): .picture(picture)
            case .text(let text): .text(text)
            }
        }
        return TaskOutline(
            subjects: frames.map { weights in
                Subject(prompt: "", embedding: .blend(zip(parts, weights).map { .init($0, weight: $1) }))
            },
            noiseWeights: noise == .slerped ? frames : nil)
    }
}

extension TextDifference {
    fileprivate var outline: TaskOutline {
        TaskOutline(
            subjects: amounts.map { amount in
                Subject(prompt: "", embedding: .moved(.picture(picture), from: from, to: to, amount: amount))
            },
            inversion: Inversion(picture, freshNoise: 0), guidanceShare: 0)
    }
}
