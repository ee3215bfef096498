import ArgumentParser
import TrainingCommands

/// Limn's trainer alone: what a machine needs that only trains.
@main
struct LimnTrainer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limn-trainer", abstract: "Trains the networks that Limn draws with.",
        subcommands: TrainCommand.configuration.subcommands + [EvaluateTrained.self])
}
