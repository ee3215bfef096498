import Checkpoints
import Foundation
import TestSupport
import Testing
import Torch

@testable import Pipelines

/// Small networks compute fastest on one thread.
private func conform(_ folder: URL, _ limits: ConformanceLimits = ConformanceLimits()) async throws -> ConformanceReport
{
    Library.threads = 1
    return try await Conformance.run(folder, limits: limits)
}

private func expectConformance(_ report: ConformanceReport, _ name: String) {
    for run in report.runs {
        for check in run.checks where !check.passed { Issue.record("\(name) \(run.name): \(check)") }
        #expect(run.unusedDraws == 0 && run.unchecked.isEmpty, "\(name) \(run.name)")
    }
    #expect(report.passed, "\(name)")
}

@Suite(.serialized)
struct ConformanceTests {
    @Test(.fixtures("karlo-tiny"), arguments: ["karlo-tiny", "karlo-variation-tiny", "schedulers", "tokenizers"])
    func reference(name: String) async throws {
        expectConformance(try await conform(Fixtures.folder(name)), name)
    }

    @Test(.fixtures("karlo-tiny"), arguments: ["kandinsky22-tiny", "stable-unclip-tiny", "dalle-mini-tiny"])
    func relatives(name: String) async throws {
        expectConformance(try await conform(Fixtures.folder(name)), name)
    }

    @Test(arguments: ["unclip", "schedulers", "tokenizers"])
    func ownRecordings(name: String) async throws {
        expectConformance(try await conform(Goldens.folder(name)), name)
    }

    @Test func noticesAChangedWeight() async throws {
        try await withCopy(of: Goldens.folder("unclip")) { folder in
            let file = folder.appending(path: "super_res_first/diffusion_pytorch_model.safetensors")
            var bytes = try Data(contentsOf: file)
            // The top byte of a float32 of the last tensor.
            bytes[bytes.count - 1] ^= 0x40
            try bytes.write(to: file)
            let report = try await conform(folder)
            #expect(!report.passed)
            let failed = report.runs.flatMap(\.checks).filter { !$0.passed }.map(\.name)
            #expect(failed.contains { $0.hasPrefix("super_res_first/call") })
            #expect(!failed.contains { $0.hasPrefix("decoder/") || $0.hasPrefix("prior/") })
        }
    }

    @Test func toleranceDecides() async throws {
        let report = try await conform(Goldens.folder("unclip"), ConformanceLimits(tolerance: 1e-12, psnr: 80))
        #expect(!report.passed)
        let blurred = try await conform(Goldens.folder("unclip"), ConformanceLimits(tolerance: 1e-4, psnr: 500))
        #expect(!blurred.passed)
    }

    @Test func refusesAnUnknownProgram() async throws {
        try await withCopy(of: Goldens.folder("unclip")) { folder in
            let file = folder.appending(path: "golden.json")
            let text = try String(contentsOf: file, encoding: .utf8)
            try Data(text.replacingOccurrences(of: "\"UnCLIPPipeline\"", with: "\"DreamPipeline\"").utf8).write(
                to: file)
            let error = await #expect(throws: ConformanceError.self) { try await conform(folder) }
            #expect(error?.kind == .unknownPipeline)
            #expect(error?.message.contains("DreamPipeline") == true)
        }
    }

    @Test func refusesAFolderWithoutRecordings() async throws {
        let error = await #expect(throws: ConformanceError.self) {
            try await conform(Goldens.folder("unclip").appending(path: "prior"))
        }
        #expect(error?.kind == .notAFixture)
    }

    @Test(arguments: ["0", "-1", "9223372036854775807"])
    func refusesAnImpossibleNumberOfPictures(number: String) async throws {
        try await withCopy(of: Goldens.folder("unclip")) { folder in
            let file = folder.appending(path: "golden.json")
            let text = try String(contentsOf: file, encoding: .utf8)
            let changed = text.replacingOccurrences(
                of: "\"num_images_per_prompt\": 2", with: "\"num_images_per_prompt\": \(number)")
            try Data(changed.utf8).write(to: file)
            let error = await #expect(throws: ConformanceError.self) { try await conform(folder) }
            #expect(error?.kind == .malformedCall)
        }
    }

    @Test func refusesAPictureOutsideTheFolder() async throws {
        try await withCopy(of: Goldens.folder("unclip")) { folder in
            let file = folder.appending(path: "golden.json")
            let text = try String(contentsOf: file, encoding: .utf8)
            try Data(text.replacingOccurrences(of: "\"input.png\"", with: "\"../input.png\"").utf8).write(to: file)
            let error = await #expect(throws: ConformanceError.self) { try await conform(folder) }
            #expect(error?.kind == .malformedCall)
        }
    }
}

struct CheckTests {
    private func check(_ computed: [Float], _ recorded: [Float], _ gate: Check.Gate) throws -> Check {
        try Check("x", .forced, Tensor(computed), recorded: Tensor(recorded), gate: gate)
    }

    @Test func errorsAreSharesOfTheAbsoluteMaximum() throws {
        #expect(try check([0, 10.0005], [0, 10], .relative(1e-4)).passed)
        #expect(try !check([0.002, 10], [0, 10], .relative(1e-4)).passed)
    }

    @Test func oneOutlierPassesOnAverage() throws {
        let recorded = Array(repeating: Float(1), count: 1000)
        var computed = recorded
        computed[7] = 1.001
        #expect(try !check(computed, recorded, .relative(1e-4)).passed)
        #expect(try check(computed, recorded, .rootMeanSquare(1e-4)).passed)
        #expect(try !check(recorded.map { $0 * 1.001 }, recorded, .rootMeanSquare(1e-4)).passed)
    }

    @Test(arguments: [Check.Gate.equal, .relative(1), .rootMeanSquare(1), .psnr(1)])
    func notANumberFails(gate: Check.Gate) throws {
        #expect(try !check([.nan, 1], [0, 1], gate).passed)
    }

    @Test func otherShapesFail() throws {
        let check = try check([1, 2, 3], [1, 2], .shown)
        #expect(!check.passed && check.fault != nil)
    }

    @Test func otherTokensFail() {
        #expect(Check("x", [1, 2], recorded: [1, 2]).passed)
        #expect(!Check("x", [1, 3], recorded: [1, 2]).passed)
        #expect(!Check("x", [1], recorded: [1, 2]).passed)
    }
}
