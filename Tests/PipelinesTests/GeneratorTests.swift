import Foundation
import ImageGeneration
import Imaging
import TestSupport
import Testing
import Torch

@testable import Pipelines

/// Everything that a generator said about one request.
struct Transcript {
    var events: [ImageEvent] = []
    var pictures: [GeneratedPicture] {
        events.compactMap { if case .picture(let picture) = $0 { picture } else { nil } }
    }
    var notes: [GenerationNote] { events.compactMap { if case .note(let note) = $0 { note } else { nil } } }
    var progress: [GenerationProgress] {
        events.compactMap { if case .progress(let progress) = $0 { progress } else { nil } }
    }
}

extension ImageGenerator {
    func transcript(_ request: ImageRequest) async throws -> Transcript {
        var transcript = Transcript()
        for try await event in generate(request) { transcript.events.append(event) }
        return transcript
    }
}

extension ImageBuffer {
    /// The largest difference of any sample, in grey levels.
    func distance(to other: ImageBuffer) -> Int {
        zip(samples, other.samples).map { abs(Int($0) - Int($1)) }.max() ?? 0
    }
}

/// Few steps through the recorded tiny model.
private func request(
    _ task: ImageTask = .textToImage(prompt: "a red fox"), count: Int = 1, seed: UInt64? = 5,
    size: PictureSize? = nil, candidates: Int = 1
) -> ImageRequest {
    let few = StageSettings(steps: 3)
    let isVariation = task.kind == .variation
    return ImageRequest(
        task, model: Goldens.folder("unclip").path, count: count, size: size, seed: seed,
        stages: ["decoder": few, "super_res": few].merging(isVariation ? [:] : ["prior": few]) { $1 },
        candidates: candidates)
}

private func generator(batch: Int = 4) -> LocalImageGenerator {
    Library.threads = 1
    return LocalImageGenerator(library: ModelLibrary(roots: []), options: .init(batch: batch))
}

@Suite(.serialized)
struct GeneratorTests {
    @Test func tellsWhatHappensInOrder() async throws {
        let transcript = try await generator().transcript(request(count: 2))
        guard case .loading(let model)? = transcript.events.first, case .finished(let summary)? = transcript.events.last
        else {
            Issue.record("\(transcript.events)")
            return
        }
        #expect(model == "unclip" && summary.model == "unclip")
        #expect(summary.stages.map(\.name) == ["prior", "decoder", "super_res"])
        #expect(summary.stages.map(\.guidance) == [4, 8, nil])
        #expect(transcript.progress.map(\.stage) == ["prior", "decoder", "super_res"].flatMap { [$0, $0, $0] })
        #expect(transcript.progress.map(\.step) == [1, 2, 3, 1, 2, 3, 1, 2, 3])
        #expect(transcript.progress.last?.fraction == 1)
        #expect(transcript.pictures.map(\.index) == [0, 1] && transcript.pictures.map(\.seed) == [5, 6])
        #expect(
            transcript.pictures.allSatisfy { $0.image.width == 24 && $0.image.height == 24 && $0.image.channels == 3 })
    }

    @Test func oneSeedIsOnePicture() async throws {
        let generator = generator()
        let batch = try await generator.pictures(request(count: 4))
        let again = try await generator.pictures(request(count: 4))
        #expect(batch == again)
        #expect(batch[0].image != batch[1].image)
        for picture in batch {
            let alone = try await generator.pictures(request(seed: picture.seed))
            #expect(alone[0].image.distance(to: picture.image) <= 2)
        }
    }

    @Test func batchesOfAnySizeAgree() async throws {
        let whole = try await generator(batch: 8).pictures(request(count: 5))
        let parts = try await generator(batch: 2).pictures(request(count: 5))
        for (a, b) in zip(whole, parts) { #expect(a.seed == b.seed && a.image.distance(to: b.image) <= 2) }
        #expect(parts.count == 5)
    }

    @Test func seedIsDrawnWhereNoneIsGiven() async throws {
        let generator = generator()
        let first = try await generator.pictures(request(seed: nil))
        let second = try await generator.pictures(request(seed: nil))
        #expect(first[0].seed != second[0].seed)
        let again = try await generator.pictures(request(seed: first[0].seed))
        #expect(again[0].image == first[0].image)
    }

    @Test func negativeTextCounts() async throws {
        let generator = generator()
        let plain = try await generator.pictures(request())
        let other = try await generator.pictures(request(.textToImage(prompt: "a red fox", negative: "a blue owl")))
        #expect(plain[0].image != other[0].image)
    }

    @Test func variationsFollowThePicture() async throws {
        let generator = generator()
        let picture = try ImageBuffer(contentsOf: Goldens.folder("unclip").appending(path: "input.png"))
        let drawn = try await generator.pictures(request(.variation(Variation(of: picture)), count: 2))
        let white = try ImageBuffer(width: 30, height: 20, color: .white)
        let other = try await generator.pictures(request(.variation(Variation(of: white)), count: 2))
        #expect(drawn.count == 2 && drawn[0].image != drawn[1].image && drawn[0].image != other[0].image)
    }

    @Test func largerSizesAreResampled() async throws {
        let generator = generator()
        let native = try await generator.pictures(request())
        let large = try await generator.pictures(request(size: PictureSize(square: 96)))
        #expect(large[0].image.width == 96)
        #expect(try large[0].image == native[0].image.resized(width: 96, height: 96, filter: .lanczos3))
    }

    /// Of one candidate and of many the best is another one, but for a picture whose first candidate is the best.
    @Test func candidatesAreChosenByTheText() async throws {
        let generator = generator()
        let one = try await generator.pictures(request(count: 3))
        let many = try await generator.pictures(request(count: 3, candidates: 8))
        #expect(many.count == 3)
        #expect(zip(one, many).contains { $0.image != $1.image })
    }

    /// Small pictures, of which CLIP chooses: what it keeps is nearer to the embedding than what is drawn once, and the
    /// same alone as in a batch.
    @Test func drawnCandidatesAreChosenByTheEmbedding() async throws {
        let picture = try ImageBuffer(contentsOf: Goldens.folder("unclip").appending(path: "input.png"))
        let generator = generator()
        let goal = try await generator.imageEmbeddings(request(.variation(Variation(of: picture))))[0]
        /// The mean cosine with the goal, of pictures as the decoder drew them.
        func drawn(_ candidates: Int) async throws -> (pictures: [GeneratedPicture], cosine: Double) {
            let pictures = try await generator.pictures(
                request(
                    .variation(Variation(of: picture)), count: 6, size: PictureSize(square: 8), candidates: candidates))
            var sum = 0.0
            for drawn in pictures {
                let seen = try await generator.imageEmbeddings(request(.variation(Variation(of: drawn.image))))[0]
                func product(_ a: [Float], _ b: [Float]) -> Double { Double(zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }) }
                sum += product(seen, goal) / (product(seen, seen) * product(goal, goal)).squareRoot()
            }
            return (pictures, sum / Double(pictures.count))
        }
        let (one, many) = (try await drawn(1), try await drawn(8))
        #expect(many.pictures.count == 6 && many.cosine > one.cosine)
        let alone = try await generator.pictures(
            request(
                .variation(Variation(of: picture)), seed: many.pictures[1].seed, size: PictureSize(square: 8),
                candidates: 8))
        #expect(alone[0].image.distance(to: many.pictures[1].image) <= 2)
    }

    @Test func embeddingsAreThoseOfThePictures() async throws {
        let generator = generator()
        let three = try await generator.imageEmbeddings(request(count: 3))
        #expect(three.count == 3 && three.allSatisfy { $0.count == 16 })
        #expect(three[0] != three[1])
        let second = try await generator.imageEmbeddings(request(seed: 6))
        #expect(zip(second[0], three[1]).allSatisfy { abs($0 - $1) < 1e-4 })
        let picture = try ImageBuffer(contentsOf: Goldens.folder("unclip").appending(path: "input.png"))
        let own = try await generator.imageEmbeddings(request(.variation(Variation(of: picture)), count: 2))
        #expect(own.count == 2 && own[0] == own[1] && own[0] != three[0])
        await #expect(throws: GenerationError.self) { try await generator.imageEmbeddings(request(count: 0)) }
    }

    @Test(arguments: [(0, []), (2, [2, 4]), (16, [1, 2, 3, 4, 5])])
    func previewsAreSpreadOverThePictureSteps(previews: Int, after steps: [Int]) async throws {
        var request = request(count: 2)
        request.previews = previews
        let events = try await generator().transcript(request).events
        var step = 0
        var seen: [Int: [Int]] = [:]
        for event in events {
            switch event {
            case .progress(let progress) where progress.stage != "prior": step += 1
            case .preview(let index, let image):
                seen[index, default: []].append(step)
                #expect(image.width == (step <= 3 ? 8 : 24))
            default: break
            }
        }
        #expect(seen[0] ?? [] == steps && seen[1] ?? [] == steps)
    }

    @Test func longPromptsAreCutAndSaySo() async throws {
        let long = String(repeating: "fox ", count: 5000)
        let transcript = try await generator().transcript(request(.textToImage(prompt: long)))
        #expect(transcript.notes == [.promptTruncated(tokens: 10002, kept: 24)])
        #expect(transcript.pictures.count == 1)
    }

    @Test(arguments: ["🦊🦊", "a\u{0}b", "ü", "<|endoftext|>", "!!!!"])
    func oddPromptsAreDrawn(prompt: String) async throws {
        #expect(try await generator().pictures(request(.textToImage(prompt: prompt))).count == 1)
    }

    @Test func cancellingStopsWithinAStep() async throws {
        let generator = generator()
        var slow = request()
        slow.stages["decoder"] = StageSettings(steps: 1000)
        let steps = Counter()
        let task = Task { [slow] in
            try await generator.work(on: [slow]) { told in
                guard case .progress(let progress) = told.event, progress.stage == "decoder" else { return }
                steps.add(1)
                withUnsafeCurrentTask { $0?.cancel() }
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(steps.value == 1)
        // The worker is free again.
        #expect(try await generator.pictures(request()).count == 1)
    }

    @Test func requestsWaitForEachOther() async throws {
        let generator = generator()
        async let first = generator.transcript(request(seed: 1))
        async let second = generator.transcript(request(seed: 2))
        let pictures = try await [first, second].flatMap(\.pictures)
        #expect(pictures.map(\.seed).sorted() == [1, 2])
    }

    @Test func refusesBeforeLoading() async throws {
        let generator = generator()
        var wrong = request()
        wrong.size = PictureSize(square: 25)
        var events: [ImageEvent] = []
        await #expect(throws: GenerationError.self) {
            for try await event in generator.generate(wrong) { events.append(event) }
        }
        #expect(events.isEmpty)
    }
}

struct ModelLibraryTests {
    @Test func findsModelsByNameAndFolder() throws {
        let library = ModelLibrary(roots: [
            URL(filePath: "/nowhere"), Goldens.folder("unclip").deletingLastPathComponent(),
        ])
        #expect(library.names == ["unclip"])
        #expect(try library.folder(of: "unclip").lastPathComponent == "unclip")
        #expect(try library.folder(of: Goldens.folder("unclip").path).lastPathComponent == "unclip")
    }

    @Test(arguments: ["missing", "/nowhere/at/all", "../..", "schedulers", ""])
    func saysWhatIsInstalled(name: String) {
        let library = ModelLibrary(roots: [Goldens.folder("unclip").deletingLastPathComponent()])
        let error = #expect(throws: GenerationError.self) { try library.folder(of: name) }
        #expect(error?.kind == .unknownModel && error?.message.contains("unclip") == true)
    }

    @Test func environmentComesFirst() {
        let library = ModelLibrary.standard(
            environment: ["LIMN_MODELS": "/a:/b", "LIMN_MODEL": "other", "XDG_DATA_HOME": "/data"], executable: nil)
        #expect(library.roots.map(\.path) == ["/a", "/b", "/data/limn/models"])
        #expect(library.defaultModel == "other")
    }
}
