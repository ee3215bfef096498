import ArgumentParser
import Foundation

/// Asks for a password, unseen; without a terminal it is the first line of standard input.
enum PasswordPrompt {
    /// - Throws: `ValidationError` where none is given, or the two that a person typed differ.
    static func new(for email: String) throws -> String {
        guard isatty(STDIN_FILENO) == 1 else {
            guard let line = readLine() else {
                throw ValidationError("no password was given; write it to standard input, in one line")
            }
            return line
        }
        let password = typed("A new password for \(email): ")
        guard typed("The same once more: ") == password else { throw ValidationError("the two passwords differ") }
        return password
    }

    private static func typed(_ words: String) -> String { getpass(words).map { String(cString: $0) } ?? "" }
}
