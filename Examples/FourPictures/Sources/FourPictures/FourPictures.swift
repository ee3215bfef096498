import Foundation
import LimnKit

/// Draws what the arguments say, four times, and says how far it is: `FourPictures a sleepy owl`.
@main
struct FourPictures {
    static func main() async throws {
        let prompt = CommandLine.arguments.dropFirst().joined(separator: " ")
        let generator = LocalImageGenerator(library: .standard())
        let request = ImageRequest(.textToImage(prompt: prompt.isEmpty ? "a sleepy owl" : prompt), count: 4)
        for try await event in generator.generate(request) {
            switch event {
            case .progress(let progress):
                print("\(progress.stage): \(Int(progress.fraction * 100)) %")
            case .picture(let picture):
                let file = URL(filePath: "picture-\(picture.seed).png")
                try picture.image.write(to: file, as: .png)
                print(file.relativePath)
            default:
                break
            }
        }
    }
}
