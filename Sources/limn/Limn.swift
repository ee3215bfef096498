import ArgumentParser
import TrainingCommands

/// The command line: the only place where everything is put together.
@main
struct Limn: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limn",
        abstract: "Draws pictures from words, with models that you can host and train yourself.",
        discussion: """
            EXAMPLES
              limn draw "a red apple with a green leaf"         four pictures and a contact sheet in out/
              limn draw "a sleepy owl" -n 1 --seed 7            one picture, the same every time
              limn edit face.png --mask hat.png "a face in a hat" a region painted anew
              limn outpaint face.png "a face on a wall" --all 64  past its edges
              limn vary owl.png                                 others like it
              limn blend cat.png lion.png --frames 8            from one to another
              limn again out/a-sleepy-owl-7.png                 the same once more
              limn serve                                        the studio, a web page to draw with
              limn models                                       what is installed

            EXIT CODES
            \(ExitStatus.table)
            """,
        subcommands: [
            Draw.self, Edit.self, Outpaint.self, Vary.self, BlendCommand.self, Morph.self, Again.self, Conform.self,
            Serve.self, KeysCommand.self, UsersCommand.self, Doctor.self, Models.self, DataCommand.self,
            TrainCommand.self, Evaluate.self, PolicyCommand.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            exit(withError: ExitStatus.telling(error))
        }
    }
}
