import FakeEngine
import ImageGeneration
import Testing

@testable import Service

@Suite struct ModelCatalogTests {
    private func engine(_ model: String, _ tasks: Set<TaskKind>) -> Engine {
        var options = FakeImageGenerator.Options()
        (options.models, options.tasks) = ([model], tasks)
        return Engine(name: model, generator: FakeImageGenerator(options))
    }

    @Test func aTaskThatTheDefaultModelCannotDoGoesToOneThatCan() async throws {
        let catalog = ModelCatalog(engines: [engine("words", [.textToImage]), engine("all", Set(TaskKind.allCases))])
        #expect(try await catalog.model(nil).name == "words")
        #expect(try await catalog.model(nil, for: .textToImage).name == "words")
        #expect(try await catalog.model(nil, for: .inpaint).name == "all")
        // Who names a model gets that one, and is told what it cannot do.
        #expect(try await catalog.model("words", for: .inpaint).name == "words")
        await #expect(throws: GenerationError.self) { try await catalog.model("other", for: .inpaint) }
    }
}
