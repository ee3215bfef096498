import Foundation

/// The memory that this process can still take.
enum SystemMemory {
    /// In bytes: what the system or, where it is less, the process's control group has left. Nil where neither tells.
    static var available: Int? {
        func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
        let group = "/sys/fs/cgroup/memory."
        return [
            text("/proc/meminfo").flatMap(available(meminfo:)),
            available(
                limit: text(group + "max"), used: text(group + "current"), statistics: text(group + "stat")),
        ].compactMap(\.self).min()
    }

    /// From Linux's `/proc/meminfo`.
    static func available(meminfo: String) -> Int? { number("MemAvailable:", in: meminfo).map { $0 << 10 } }

    /// From the files of a control group of version 2. What it holds of files can be let go.
    static func available(limit: String?, used: String?, statistics: String?) -> Int? {
        func number(_ text: String?) -> Int? {
            text.flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        }
        guard let limit = number(limit), let used = number(used) else { return nil }
        return max(0, limit - used + (statistics.flatMap { Self.number("inactive_file", in: $0) } ?? 0))
    }

    /// The number behind a word at the beginning of a line.
    private static func number(_ word: String, in text: String) -> Int? {
        for line in text.split(separator: "\n") {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.count >= 2, words[0] == word { return Int(words[1]) }
        }
        return nil
    }
}
