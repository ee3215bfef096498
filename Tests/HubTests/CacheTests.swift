import Foundation
import TestSupport
import Testing

@testable import HubCache

struct CacheTests {
    @Test(arguments: ["a", "a/b/c", "/b", "a/", "a/..", "../a", "a/b--c", "-a/b", "a/b.", "a b/c", "a/b\n", "é/b"])
    func refusesWhatIsNoRepository(name: String) { #expect(RepositoryID(name) == nil) }

    @Test func repositoriesAreFoundByTheirFolders() throws {
        try withTemporaryFolder { folder in
            let cache = HubCache(folder)
            let id = try #require(RepositoryID("kakaobrain/karlo-v1-alpha"))
            #expect(cache.repository(id).folder.lastPathComponent == "models--kakaobrain--karlo-v1-alpha")
            try folder.write("x", to: "models--kakaobrain--karlo-v1-alpha/refs/main")
            try folder.write("x", to: "datasets--a--b/refs/main")
            try folder.write("x", to: "models--a/refs/main")
            #expect(cache.repositories.map(\.id) == [id])
        }
    }

    @Test(arguments: ["../x", "a/../b", ".a", "", "a//b", "a b", "a\\b"])
    func revisionsStayInTheirFolder(revision: String) { #expect(!CachedRepository.isRevision(revision)) }

    @Test func digestsAreGitsAndSHA256() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "limn-digest-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("hello\n".utf8).write(to: file)
        // `git hash-object` and `sha256sum` of the same file.
        for known in [
            "ce013625030ba8dba906f756967f9e9ca394464a",
            "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03",
        ] {
            let digest = try #require(FileDigest("\"\(known)\""))
            #expect(try await digest.matches(file) && digest.hexadecimal == known)
        }
        #expect(FileDigest("abc") == nil && FileDigest(String(repeating: "g", count: 40)) == nil)
    }

    @Test func settingsAreThoseOfHuggingFace() {
        let plain = HubSettings(environment: ["HOME": "/home/ann"])
        #expect(
            plain.cache.root.path == "/home/ann/.cache/huggingface/hub" && plain.endpoint == "https://huggingface.co")
        #expect(!plain.isOffline && plain.token == nil)
        #expect(HubSettings(environment: ["HF_HOME": "/hf"]).cache.root.path == "/hf/hub")
        let all = HubSettings(environment: [
            "HF_HOME": "/hf", "HF_HUB_CACHE": "/cache", "HF_ENDPOINT": "https://m.example/", "HF_TOKEN": " hf_x\n",
            "HF_HUB_OFFLINE": "1",
        ])
        #expect(all.cache.root.path == "/cache" && all.endpoint == "https://m.example" && all.isOffline)
        #expect(all.token?.value == "hf_x" && "\(all)".contains("hf_x") == false)
    }

    @Test func theCatalogueIsWhole() {
        let catalogue = ModelCatalogue.published
        for model in catalogue.models {
            #expect(catalogue.license(model.license) != nil, "\(model.name)")
            for part in model.parts { #expect(catalogue.repository(part.repository) != nil, "\(model.name)") }
        }
        for repository in catalogue.repositories {
            #expect(repository.license.map { catalogue.license($0) != nil } ?? true, "\(repository.id)")
            for file in repository.files ?? [] { #expect(file.sha256.map { FileDigest($0) != nil } ?? true) }
        }
        #expect(catalogue.license("creativeml-openrail-m")?.name == "CreativeML-OpenRAIL-M")
        #expect(catalogue.license("openrail++")?.name == "CreativeML-OpenRAIL++-M")
    }
}

struct ModelCompositionTests {
    private let model = ModelCatalogue.Model(
        name: "both", title: "", family: "unclip", license: "MIT",
        parts: [
            .init(repository: RepositoryID("a/one")!, rename: ["decoder/old.json": "decoder/config.json"]),
            .init(repository: RepositoryID("a/two")!, only: ["image_encoder/*"]),
        ], index: ["image_encoder": ["transformers", "CLIPVisionModelWithProjection"]])

    @Test func partsAreLinkedIntoOneFolder() throws {
        try withTemporaryFolder { folder in
            let (one, two) = (folder.appending(path: "one"), folder.appending(path: "two"))
            try one.write(#"{"_class_name": "UnCLIPPipeline"}"#, to: "model_index.json")
            try one.write("{}", to: "decoder/old.json")
            try two.write("other", to: "model_index.json")
            try two.write("{}", to: "image_encoder/config.json")
            // The second time it takes the first one's place.
            for _ in 0..<2 {
                let made = try ModelComposition.install(model, of: [one, two], in: folder.appending(path: "models"))
                #expect(
                    try FileManager.default.subpathsOfDirectory(atPath: made.path).sorted() == [
                        "decoder", "decoder/config.json", "image_encoder", "image_encoder/config.json",
                        "model_index.json",
                    ])
                let index = try String(contentsOf: made.appending(path: "model_index.json"), encoding: .utf8)
                #expect(index.contains("UnCLIPPipeline") && index.contains("CLIPVisionModelWithProjection"))
            }
            let models = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "models").path)
            #expect(models == ["both"])
            #expect(
                try String(contentsOf: one.appending(path: "model_index.json"), encoding: .utf8).contains("image")
                    == false)
        }
    }
}

struct FileSelectionTests {
    private let karlo = [
        ".gitattributes", "README.md", "model_index.json", "decoder/config.json", "decoder/diffusion_pytorch_model.bin",
        "decoder/diffusion_pytorch_model.safetensors", "text_encoder/model.safetensors",
        "text_encoder/pytorch_model.bin",
        "text_encoder/model.fp16.safetensors", "image_encoder/pytorch_model.bin",
        "image_encoder/pytorch_model.fp16.bin",
        "tokenizer/merges.txt", "tokenizer/vocab.json", "sd21-unclip-h.ckpt", "image.png",
        "safety_checker/model.safetensors",
        "unet/openvino_model.bin", "unet/diffusion_pytorch_model-00001-of-00002.safetensors",
        "unet/diffusion_pytorch_model-00002-of-00002.safetensors",
        "unet/diffusion_pytorch_model.safetensors.index.json",
        "../outside.json", "decoder/../../x.json",
    ]

    @Test func oneSetOfWeightsForEachComponent() {
        #expect(
            FileSelection().select(from: karlo) == [
                "README.md", "decoder/config.json", "decoder/diffusion_pytorch_model.safetensors",
                "image_encoder/pytorch_model.bin", "model_index.json", "text_encoder/model.safetensors",
                "tokenizer/merges.txt", "tokenizer/vocab.json",
                "unet/diffusion_pytorch_model-00001-of-00002.safetensors",
                "unet/diffusion_pytorch_model-00002-of-00002.safetensors",
                "unet/diffusion_pytorch_model.safetensors.index.json",
            ])
    }

    @Test func anotherPrecisionWhereThereIsOne() {
        let chosen = FileSelection(variant: "fp16").select(from: karlo)
        #expect(
            chosen.contains("text_encoder/model.fp16.safetensors") && !chosen.contains("text_encoder/model.safetensors")
        )
        #expect(chosen.contains("image_encoder/pytorch_model.fp16.bin"))
        #expect(chosen.contains("decoder/diffusion_pytorch_model.safetensors"))
    }

    @Test func patternsChooseFromOtherLayouts() {
        let files = ["config.json", "config_mini.json", "encoder.pt", "encoder_mini.pt", "detoker.pt", "big.txt"]
        #expect(
            FileSelection(only: ["config.json", "encoder.pt", "detoker.pt"]).select(from: files) == [
                "config.json", "detoker.pt", "encoder.pt",
            ])
        #expect(FileSelection().select(from: files).isEmpty)
    }
}
