// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "FourPictures",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "limn", path: "../..")],
    targets: [
        .executableTarget(name: "FourPictures", dependencies: [.product(name: "Limn", package: "limn")])
    ]
)
