import ArgumentParser
import ContentPolicy
import Foundation

struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Try the content policy, and show its rules.",
        discussion: """
            The server judges every prompt by these rules before it draws. A file of your own takes their place with \
            --rules; `extends standard` in its second line keeps them and changes only what the file says. \
            docs/policy.md describes the format.

            EXAMPLES
              limn policy check "a corgi in a bath"             allowed, and exit code 0
              limn policy check --rules my.rules "some words"   by your own rules
              limn policy rules                                 what is in force
              limn policy rules --text > my.rules               a copy to edit
            """,
        subcommands: [Check.self, Rules.self])

    struct Options: ParsableArguments {
        @Option(help: "A rules file; without it those that come with Limn.")
        var rules: String?

        @Flag(help: "Print JSON.")
        var json = false

        func policy() throws -> Policy {
            guard let rules else { return try .standard() }
            return try Policy(contentsOf: URL(fileURLWithPath: rules))
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what the policy makes of a text.",
            discussion: "Exit code 0 for a text that is allowed or only flagged, 1 for one that is blocked.")

        @Argument(help: "The text.")
        var text: String

        @OptionGroup var options: Options

        func run() async throws {
            try await reporting(json: options.json) {
                let decision = try options.policy().decide(prompt: text)
                if options.json {
                    Terminal.output.json(decision)
                } else {
                    Self.lines(decision).forEach(Terminal.output.line)
                }
                if decision.isBlocked { throw ExitCode(ExitStatus.failedChecks.rawValue) }
            }
        }

        static func lines(_ decision: Decision) -> [String] {
            guard !decision.rules.isEmpty else { return [decision.verdict.rawValue] }
            let scores = ModerationCategory.allCases.compactMap { category in
                decision.scores[category].map { "  \(category.rawValue.padded(to: 24))\($0)" }
            }
            return ["\(decision.verdict.rawValue) by \(decision.rules.joined(separator: ", "))"] + scores
        }
    }

    struct Rules: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the rules that are in force.")

        @OptionGroup var options: Options

        @Flag(help: "Print the text of the rules that come with Limn, to start a file of your own from.")
        var text = false

        func validate() throws {
            if text, options.rules != nil { throw ValidationError("--text prints Limn's own rules; leave out --rules") }
        }

        func run() async throws {
            try await reporting(json: options.json) {
                guard !text else { return Terminal.output.write(RuleSet.standardText) }
                let summary = try options.policy().summary
                if options.json {
                    Terminal.output.json(summary)
                } else {
                    Self.lines(summary).forEach(Terminal.output.line)
                }
            }
        }

        static func lines(_ summary: PolicySummary) -> [String] {
            let rules = summary.rules.map { rule in
                "\(rule.id.padded(to: 24))\(rule.action.rawValue.padded(to: 7))\("\(rule.score)".padded(to: 6))"
                    + rule.categories.map(\.rawValue).joined(separator: ", ")
            }
            let terms = summary.termLists.reduce(0) { $0 + $1.terms }
            let pictures = summary.checksPictures ? "by \(summary.picturePolicy)" : "not checked"
            return rules + [
                "",
                "revision   \(summary.revision)",
                "terms      \(terms) in \(summary.termLists.count) lists, \(summary.allowedPhrases) harmless phrases",
                "languages  \(summary.languages.joined(separator: ", "))",
                "pictures   \(pictures)",
            ]
        }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        count < width ? self + String(repeating: " ", count: width - count) : self + " "
    }
}
