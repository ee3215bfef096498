import ArgumentParser
import Checkpoints
import ContentPolicy
import DataPacking
import Diffusion
import Foundation
import HubCache
import ImageGeneration
import Imaging
import Models
import NN
import Pipelines
import Server
import Service
import Store
import Tokenizers
import Torch
import Training

/// How a command ended. Numbers are those of BSD's sysexits.
enum ExitStatus: Int32, CaseIterable {
    case success = 0
    case failedChecks = 1
    case usage = 64
    case badData = 65
    case noSuchModel = 66
    case unavailable = 69
    case internalError = 70
    case outOfMemory = 71
    case cannotCreate = 73
    case noPermission = 77
    case interrupted = 130

    var meaning: String {
        switch self {
        case .success: "done"
        case .failedChecks: "a check did not pass (conform, policy, doctor)"
        case .usage: "the command or the request was wrong; nothing was done"
        case .badData: "a model, a picture or a fixture is damaged or does not fit"
        case .noSuchModel: "there is no such model, file, folder, account or key"
        case .unavailable: "the device or the hub is not there, or the data folder or the port is in use"
        case .internalError: "a fault of Limn"
        case .outOfMemory: "the memory did not suffice"
        case .cannotCreate: "a file could not be written"
        case .noPermission: "the hub wants a token or terms accepted, or the system does not allow it"
        case .interrupted: "interrupted by Ctrl-C"
        }
    }

    /// What ends the program for an error that no command has told yet: a line on standard error, and an exit code.
    /// ArgumentParser's own errors stay as they are.
    static func telling(_ error: any Error) -> any Error {
        guard Limn.exitCode(for: error) == .failure, !(error is ExitCode) else { return error }
        Terminal.error.line("limn: \(error)")
        return ExitCode(ExitStatus(error).rawValue)
    }

    static var table: String {
        allCases.map { "  \($0.rawValue)".padding(toLength: 7, withPad: " ", startingAt: 0) + $0.meaning }
            .joined(separator: "\n")
    }

    init(_ error: any Error) {
        switch error {
        case is CancellationError: self = .interrupted
        case let error as GenerationError: self = Self.of(error.kind)
        case let error as TorchError: self = Self.of(error)
        case let error as HubError: self = Self.of(error.kind)
        case let error as ImageError: self = Self.of(error)
        case let error as ConformanceError: self = error.kind == .notAFixture ? .noSuchModel : .badData
        case let error as PackingError: self = Self.of(error)
        case let error as PackError: self = Self.of(error)
        case let error as TrainingError: self = Self.of(error)
        case is ValidationError: self = .usage
        case let error as AccountError: self = error == .notFound ? .noSuchModel : .usage
        case let error as StoreError: self = Self.of(error)
        case let error as ServingError: self = Self.of(error)
        case let error as RulesError: self = error.line == 0 ? .noSuchModel : .badData
        case is EvaluationError, is AssemblyError: self = .usage
        case is CheckpointError, is TokenizerError, is DiffusionError, is ConfigurationError, is ParameterError:
            self = .badData
        default: self = .internalError
        }
    }

    private static func of(_ kind: GenerationError.Kind) -> ExitStatus {
        switch kind {
        case .invalidRequest, .unsupported: .usage
        case .unknownModel: .noSuchModel
        case .unusableModel: .badData
        case .deviceUnavailable: .unavailable
        case .outOfMemory: .outOfMemory
        case .engineFailed: .internalError
        }
    }

    private static func of(_ kind: HubError.Kind) -> ExitStatus {
        switch kind {
        case .invalidRequest, .licenseNotAccepted: .usage
        case .notFound: .noSuchModel
        case .unauthorized, .gated, .forbidden: .noPermission
        case .rateLimited, .serverFailed, .unreachable, .offline: .unavailable
        case .wrongDigest, .unexpectedAnswer, .notAModel: .badData
        case .diskFull, .unwritable: .cannotCreate
        }
    }

    private static func of(_ error: TorchError) -> ExitStatus {
        switch error.kind {
        case .outOfMemory: .outOfMemory
        case .device: .unavailable
        case .invalidArgument: .internalError
        }
    }

    private static func of(_ error: TrainingError) -> ExitStatus {
        switch error {
        case .badConfiguration: .badData
        case .unreadable: .noSuchModel
        case .otherRun: .usage
        case .diverged: .internalError
        }
    }

    private static func of(_ error: StoreError) -> ExitStatus {
        switch error {
        case .taken: .usage
        case .inUse: .unavailable
        case .tooNew, .missingBlob: .badData
        case .unusable, .unwritable: .cannotCreate
        }
    }

    private static func of(_ error: ServingError) -> ExitStatus {
        switch error {
        case .taken, .foreign: .unavailable
        case .forbidden: .noPermission
        case .unreadableCertificate, .unreadableKey: .noSuchModel
        case .certificateWithoutKey: .badData
        }
    }

    private static func of(_ error: ImageError) -> ExitStatus {
        switch error {
        case .unwritable, .encodingFailed: .cannotCreate
        case .unreadable: .noSuchModel
        case .unavailable: .internalError
        case .unsupportedFormat, .tooManyBytes, .tooManyPixels, .damaged, .invalidArgument, .invalidMetadata: .badData
        }
    }
}

/// What a command prints for a program in place of its result when it fails.
private struct FailureReport: Encodable {
    struct Failure: Encodable {
        var kind: String
        var parameter: String?
        var message: String
        var exitCode: Int32
    }
    var error: Failure
}

/// Runs a command's work until it ends or Ctrl-C is pressed, and turns errors into a message and an exit code.
func reporting(json: Bool, _ work: @escaping @Sendable () async throws -> Void) async throws {
    do {
        try await cancellingOnInterrupt(work)
    } catch let exit as ExitCode {
        throw exit
    } catch {
        let status = ExitStatus(error)
        let message = status == .interrupted ? "interrupted; what was finished is kept" : "\(error)"
        Terminal.error.line("limn: \(message)")
        if json {
            let known = error as? GenerationError
            Terminal.output.json(
                FailureReport(
                    error: .init(
                        kind: known?.kind.rawValue ?? (error as? HubError)?.kind.rawValue ?? "\(status)",
                        parameter: known?.parameter, message: message,
                        exitCode: status.rawValue)))
        }
        throw ExitCode(status.rawValue)
    }
}

/// Cancels the work at the first Ctrl-C; the second one ends the process at once.
private func cancellingOnInterrupt(_ work: @escaping @Sendable () async throws -> Void) async throws {
    let task = Task { try await work() }
    let sources = [SIGINT, SIGTERM].map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number)
        source.setEventHandler {
            if task.isCancelled { _exit(ExitStatus.interrupted.rawValue) }
            task.cancel()
        }
        source.resume()
        return source
    }
    defer { sources.forEach { $0.cancel() } }
    try await task.value
}
