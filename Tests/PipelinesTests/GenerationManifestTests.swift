import Foundation
import ImageGeneration
import Testing

@testable import Pipelines

struct GenerationManifestTests {
    private let text = """
        {
          "format": 1, "name": "small", "family": "unclip",
          "native_size": 256, "sizes": [256, 512], "linear_prior": "linear_prior", "embedding": "linear",
          "stages": [
            {"name": "decoder", "role": "decoder", "network": "decoder", "scheduler": "decoder_scheduler", "steps": 20,
             "guidance": 3, "solver": "dpmsolver++", "options": {"use_karras_sigmas": true}},
            {"name": "super_res", "role": "upsampler", "network": "super_res_first", "scheduler": "super_res_scheduler",
             "steps": 6, "solver": "ddim", "eta": 0.5, "size": 256}
          ],
          "presets": {"draft": {"stages": {"decoder": {"steps": 8}}}}, "preset": "draft"
        }
        """

    private func manifest(_ change: (inout String) -> Void = { _ in }) throws -> GenerationManifest {
        var text = text
        change(&text)
        return try JSONDecoder().decode(GenerationManifest.self, from: Data(text.utf8))
    }

    @Test func readsAllOfIt() throws {
        let manifest = try manifest()
        try manifest.check()
        #expect(manifest.nativeSize == 256 && manifest.sizes == [256, 512])
        #expect(manifest.embedding == .linear && manifest.linearPrior == "linear_prior")
        #expect(manifest.stages[0].solver == .dpmSolver)
        #expect(manifest.stages[0].options == ["use_karras_sigmas": true])
        #expect(manifest.stages[1].eta == 0.5 && manifest.stages[1].size == 256)
        #expect(manifest.presets["draft"]?.stages?["decoder"]?.steps == 8)
    }

    @Test func writesWhatItReads() throws {
        let manifest = try manifest()
        let written = try JSONEncoder().encode(manifest)
        #expect(try JSONDecoder().decode(GenerationManifest.self, from: written) == manifest)
    }

    @Test(arguments: [
        ("\"preset\": \"draft\"", "\"preset\": \"best\"", "best"),
        ("{\"decoder\": {\"steps\": 8}}", "{\"decorder\": {\"steps\": 8}}", "decorder"),
        ("\"native_size\": 256", "\"native_size\": 300", "native_size"),
        ("\"linear_prior\": \"linear_prior\",", "", "linear_prior"),
        ("\"sizes\": [256, 512]", "\"sizes\": [256, 1000000]", "8192"),
        ("\"size\": 256", "\"size\": -1", "8192"),
        ("\"name\": \"super_res\"", "\"name\": \"decoder\"", "same name"),
        ("\"scheduler\":", "\"composes_scenes\": true, \"scheduler\":", "composes_scenes"),
        ("\"role\": \"decoder\"", "\"role\": \"prior\", \"composes_scenes\": true", "composes_scenes"),
        ("\"guidance\": 3", "\"guidance\": 3, \"finishes_from\": 256", "upsampler"),
        ("{\"decoder\": {\"steps\": 8}}", "{}, \"candidates\": -1", "candidates"),
        (
            "\"native_size\":", "\"styles\": {\"given\": [\"clip art\"], \"named_by\": [\"icon\"]}, \"native_size\":",
            "named_by"
        ),
        ("\"native_size\":", "\"styles\": {\"given\": [], \"named_by\": []}, \"native_size\":", "given"),
        ("\"guidance\": 3", "\"guidance\": 3, \"candidates\": 2", "sketcher"),
        ("\"guidance\": 3", "\"guidance\": 3, \"candidates\": 99", "1 to 16"),
    ])
    func refusesContradictions(found: String, replacement: String, culprit: String) throws {
        let manifest = try manifest { $0 = $0.replacingOccurrences(of: found, with: replacement) }
        let error = #expect(throws: GenerationError.self) { try manifest.check() }
        #expect(error?.kind == .unusableModel && error?.parameter == "limn.json")
        #expect(error?.message.contains(culprit) == true)
    }

    @Test func refusesAnUnknownSolver() {
        #expect(throws: DecodingError.self) {
            try manifest { $0 = $0.replacingOccurrences(of: "dpmsolver++", with: "magic") }
        }
    }
}
