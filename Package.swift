// swift-tools-version: 6.2
import PackageDescription

/// libtorch is found by pkg-config in `.deps/pkgconfig`, where `scripts/bootstrap` describes it.
/// Build through `make` or `scripts/swift`, which set the search path and the run path.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

/// A library target in `Sources/NAME`; it imports only from targets named before it in this file.
func floor(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies + ["TestSupport"], swiftSettings: strict)
}

let package = Package(
    name: "limn",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "limn", targets: ["limn"]),
        // For other Swift programs: `import LimnKit`.
        .library(name: "Limn", targets: ["LimnKit"]),
        // Training alone, without libvips: small enough to carry to a GPU machine.
        .executable(name: "limn-trainer", targets: ["limn-trainer"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // C and C++: the only places that see libtorch and libvips.
        .systemLibrary(name: "CLibtorch", pkgConfig: "libtorch"),
        .target(
            name: "CTorch", dependencies: ["CLibtorch"],
            exclude: ["ops.yaml"],
            linkerSettings: [.linkedLibrary("torch_cpu"), .linkedLibrary("c10")]),
        .systemLibrary(
            name: "CVips", pkgConfig: "vips", providers: [.apt(["libvips-dev"]), .brew(["vips"])]),
        .target(name: "CVipsShim", dependencies: ["CVips"]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),

        floor("Torch", ["CTorch"]),
        floor("NN", ["Torch"]),
        floor("Imaging", ["CVipsShim"]),
        floor("Tokenizers"),
        floor("Scenes"),
        floor("Checkpoints", ["Torch", "NN"]),
        floor("Diffusion", ["Torch"]),
        floor("Models", ["Torch", "NN", "Checkpoints"]),
        floor(
            "HubCache", [.product(name: "Crypto", package: "swift-crypto")],
            resources: [.embedInCode("Catalogue/Resources/catalogue.json")]),
        floor("ImageGeneration", ["Imaging", .product(name: "Crypto", package: "swift-crypto")]),
        .target(
            name: "ContentPolicy", dependencies: ["Imaging"],
            resources: [.embedInCode("Resources/standard.rules")], swiftSettings: strict),
        floor(
            "Pipelines",
            [
                "ImageGeneration", "Models", "Diffusion", "Tokenizers", "Scenes", "Imaging", "Checkpoints", "HubCache",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        floor("LimnKit", ["ImageGeneration", "Imaging", "Pipelines"]),
        floor(
            "Hub", ["HubCache", .product(name: "AsyncHTTPClient", package: "async-http-client")]),
        floor("Store", [.product(name: "GRDB", package: "GRDB.swift")]),
        floor(
            "Service",
            [
                "ImageGeneration", "Imaging", "Store", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "_CryptoExtras", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        floor("FakeEngine", ["ImageGeneration", "Imaging"]),
        floor(
            "Server",
            [
                "CZlib", "ContentPolicy", "ImageGeneration", "Imaging", "Service", "Store",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"), .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Crypto", package: "swift-crypto"),
            ], resources: [.copy("Studio/Web")]),
        floor("Training", ["CZlib", "Models", "Diffusion", "Tokenizers", "Scenes", "Checkpoints"]),
        floor("DataPacking", ["Training", "Imaging"]),
        floor("TrainingCommands", ["Training", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
        .executableTarget(name: "limn-trainer", dependencies: ["TrainingCommands"], swiftSettings: strict),
        .executableTarget(
            name: "limn",
            dependencies: [
                "ContentPolicy", "FakeEngine", "Pipelines", "TrainingCommands", "DataPacking", "Hub", "Imaging",
                "Server", "Service", "Store", .product(name: "Logging", package: "swift-log"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        // Damaged inputs for what reads strangers' bytes: `make fuzz`.
        .executableTarget(
            name: "limn-fuzz",
            dependencies: [
                "Server", "Imaging", "Checkpoints", "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/Fuzzing", swiftSettings: strict),

        floor("TestSupport", ["Checkpoints", "Torch"]),
        tests("TorchTests", ["Torch"]),
        tests("NNTests", ["NN"]),
        tests("ImagingTests", ["Imaging"]),
        tests("TokenizersTests", ["Tokenizers"]),
        tests("ScenesTests", ["Scenes"]),
        tests("CheckpointsTests", ["Checkpoints"]),
        tests("ContentPolicyTests", ["ContentPolicy"]),
        tests("DiffusionTests", ["Diffusion"]),
        tests("ModelsTests", ["Models"]),
        tests("PipelinesTests", ["Pipelines"]),
        tests("StoreTests", ["Store", .product(name: "GRDB", package: "GRDB.swift")]),
        .executableTarget(
            name: "crash-driver",
            dependencies: ["FakeEngine", "Service", "Store", .product(name: "Logging", package: "swift-log")],
            path: "Tests/CrashDriver", swiftSettings: strict),
        tests(
            "ServiceTests",
            ["Service", "FakeEngine", "Store", "crash-driver", .product(name: "Logging", package: "swift-log")]),
        tests(
            "ServerTests",
            ["Server", "FakeEngine", "ContentPolicy", .product(name: "HummingbirdTesting", package: "hummingbird")]),
        tests(
            "HubTests",
            [
                "Hub", "HubCache", "limn", .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        tests("TrainingTests", ["Training"]),
        tests("DataPackingTests", ["DataPacking"]),
        tests("CommandTests", ["limn", "Imaging"]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx20
)
