/// Numbers and nouns as English says them: "an owl", "two owls".
public enum NounNumber {
    /// The words for numbers that stand before a noun.
    public static let words = [
        1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine",
    ]

    private static let irregular = [
        "mouse": "mice", "goose": "geese", "leaf": "leaves", "knife": "knives", "wolf": "wolves", "fish": "fish",
        "sheep": "sheep", "deer": "deer", "tooth": "teeth", "ox": "oxen", "scarf": "scarves", "tomato": "tomatoes",
        "potato": "potatoes", "mango": "mangoes", "man": "men", "woman": "women", "child": "children",
        "person": "people", "foot": "feet", "house": "houses", "axe": "axes", "cookie": "cookies", "movie": "movies",
        "zombie": "zombies", "genie": "genies", "selfie": "selfies",
    ]
    private static let singulars = Dictionary(irregular.map { ($1, $0) }, uniquingKeysWith: { a, _ in a })
    /// Words after which a noun phrase goes on with other nouns: "glasses of wine".
    private static let joints: Set = ["of", "with", "in", "on", "at", "for", "from", "without", "to"]

    /// Words that begin with a vowel's letter and not with its sound, and the other way about.
    private static let soundsOtherwise: Set = [
        "unicorn", "unicycle", "uniform", "union", "unit", "united", "universal", "university", "ukulele", "usb",
        "used",
        "utensil", "euro", "european", "ewe", "one", "hour", "hourglass", "heir", "honest", "x-ray",
    ]

    /// "a red apple", "an owl", "a unicorn", "an hourglass".
    public static func article(_ phrase: some Collection<String>) -> String {
        let first = phrase.first ?? ""
        let isVowel = "aeiou".contains(first.prefix(1)) != soundsOtherwise.contains(first) && !first.isEmpty
        return ([isVowel ? "an" : "a"] + phrase).joined(separator: " ")
    }

    public static func plural(_ noun: String) -> String {
        if let known = irregular[noun] { return known }
        if ["s", "x", "z", "ch", "sh"].contains(where: noun.hasSuffix) { return noun + "es" }
        if noun.hasSuffix("y"), let before = noun.dropLast().last, !"aeiou".contains(before) {
            return noun.dropLast() + "ies"
        }
        return noun + "s"
    }

    public static func singular(_ noun: String) -> String {
        if let known = singulars[noun] { return known }
        if noun.hasSuffix("ies"), noun.count > 4 { return noun.dropLast(3) + "y" }
        if ["sses", "uses", "xes", "zes", "ches", "shes"].contains(where: noun.hasSuffix) {
            return String(noun.dropLast(2))
        }
        return noun.hasSuffix("s") && !noun.hasSuffix("ss") ? String(noun.dropLast()) : noun
    }

    /// The words of a phrase for so many things as one of them is called: two ["glasses", "of", "wine"] are each a
    /// ["glass", "of", "wine"]; nil where the words are not for so many things, as two ["of", "hearts"] or a four
    /// ["leaf", "clover"].
    static func one(of phrase: [String], count: Int) -> [String]? {
        let head = phrase.firstIndex(where: joints.contains) ?? phrase.count
        guard head > 0 else { return nil }
        guard count > 1 else { return phrase }
        var words = phrase
        words[head - 1] = singular(words[head - 1])
        return plural(words[head - 1]) == phrase[head - 1] ? words : nil
    }
}
