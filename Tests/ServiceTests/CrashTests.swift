import Foundation
import Store
import Testing

/// Kills a server under load with SIGKILL, again and again, and looks at what it left. `LIMN_CRASHES` says how often.
@Suite("Crashes")
struct CrashTests {
    private struct Accepted {
        var job: Job.ID
        var owner: User.ID
        var count: Int
    }

    private static let crashes = ProcessInfo.processInfo.environment["LIMN_CRASHES"].flatMap(Int.init) ?? 5

    @Test func noAcceptedJobIsLostAndNoPictureIsDrawnTwice() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "limn-crash-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var accepted: [Accepted] = []
        for number in 0..<Self.crashes {
            // Every other time it is killed while it may still be starting.
            accepted += try await crash(in: folder, afterTheFirstJob: number.isMultiple(of: 2))
            #expect(try await SQLiteStore(folder: folder, use: .visitor).examine() == [])
        }
        let (driver, _) = try run("drain", in: folder)
        driver.waitUntilExit()
        #expect(driver.terminationStatus == 0)
        #expect(!accepted.isEmpty)
        try await check(accepted, in: folder)
    }

    /// Lets a server run for a random while.
    private func crash(in folder: URL, afterTheFirstJob waits: Bool) async throws -> [Accepted] {
        let (driver, output) = try run("load", in: folder)
        let first = waits ? output.fileHandleForReading.availableData : Data()
        try await Task.sleep(for: .milliseconds(Int.random(in: 50...700)))
        kill(driver.processIdentifier, SIGKILL)
        driver.waitUntilExit()
        let rest = try output.fileHandleForReading.readToEnd() ?? Data()
        let text = String(decoding: first + rest, as: UTF8.self)
        return text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 3, let job = Job.ID(words[0]), let owner = User.ID(words[1]), let count = Int(words[2])
            else { return nil }
            return Accepted(job: job, owner: owner, count: count)
        }
    }

    private func run(_ mode: String, in folder: URL) throws -> (Process, Pipe) {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let driver = Process()
        let output = Pipe()
        driver.executableURL = root.appending(path: ".build/debug/crash-driver")
        driver.arguments = [folder.path, mode]
        driver.standardOutput = output
        try driver.run()
        return (driver, output)
    }

    private func check(_ accepted: [Accepted], in folder: URL) async throws {
        let store = try SQLiteStore(folder: folder, use: .visitor)
        var (pictures, worn) = (0, 0)
        for each in accepted {
            let job = try #require(try await store.job(each.job, owner: each.owner), "an accepted job is lost")
            if job.state == .failed, job.attempts >= 3 {
                // It was being drawn in three crashes; its end says so.
                worn += 1
                continue
            }
            #expect(job.state == .succeeded)
            let drawn = try await store.pictures(of: job.id)
            #expect(drawn.map(\.index) == Array(0..<each.count))
            for picture in drawn { #expect(try store.blobs.read(picture.blob).count == picture.bytes) }
            pictures += drawn.count
        }
        #expect(try await store.examine() == [])
        print("crashes: \(Self.crashes), accepted jobs: \(accepted.count), pictures: \(pictures), given up: \(worn)")
    }
}
