// swift-tools-version: 6.2
import PackageDescription

/// libtorch is found by pkg-config in `.deps/pkgconfig`, where `scripts/bootstrap` describes it.
/// Build through `make` or `scripts/swift`, which set the search path and the run path.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

/// A library target in `Sources/NAME`; it imports only from targets named before it in this file.
func floor(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies + ["TestSupport"], swiftSettings: strict)
}

let package = Package(
    name: "limn",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "limn", targets: ["limn"]),
        // Training alone, without libvips: small enough to carry to a GPU machine.
        .executable(name: "limn-trainer", targets: ["limn-trainer"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
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
        floor("Checkpoints", ["Torch", "NN"]),
        floor("Diffusion", ["Torch"]),
        floor("Models", ["Torch", "NN", "Checkpoints"]),
        floor("ImageGeneration", ["Imaging"]),
        floor("Pipelines", ["ImageGeneration", "Models", "Diffusion", "Tokenizers", "Imaging", "Checkpoints"]),
        floor("Training", ["CZlib", "Models", "Diffusion", "Tokenizers", "Checkpoints"]),
        floor("DataPacking", ["Training", "Imaging"]),
        floor("TrainingCommands", ["Training", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
        .executableTarget(name: "limn-trainer", dependencies: ["TrainingCommands"], swiftSettings: strict),
        .executableTarget(
            name: "limn",
            dependencies: [
                "Pipelines", "TrainingCommands", "DataPacking", "Imaging",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        floor("TestSupport", ["Checkpoints", "Torch"]),
        tests("TorchTests", ["Torch"]),
        tests("NNTests", ["NN"]),
        tests("ImagingTests", ["Imaging"]),
        tests("TokenizersTests", ["Tokenizers"]),
        tests("CheckpointsTests", ["Checkpoints"]),
        tests("DiffusionTests", ["Diffusion"]),
        tests("ModelsTests", ["Models"]),
        tests("PipelinesTests", ["Pipelines"]),
        tests("TrainingTests", ["Training"]),
        tests("DataPackingTests", ["DataPacking"]),
        tests("CommandTests", ["limn", "Imaging"]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx20
)
