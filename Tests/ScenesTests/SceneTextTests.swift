import Testing

@testable import Scenes

@Suite struct SceneTextTests {
    private func read(_ prompt: String) -> [String]? {
        SceneText(prompt).map { scene in zip(scene.kinds, scene.texts).map { "\($0.count) × \($1)" } }
    }

    @Test(arguments: [
        ("two red apples and a green pear", ["2 × a red apple", "1 × a green pear"]),
        ("three cats", ["3 × a cat"]), ("nine stars", ["9 × a star"]),
        ("  Two\tcats; clip art. ", ["2 × a cat, clip art"]),
        ("A Bell, a key and a rocket", ["1 × a bell", "1 × a key", "1 × a rocket"]),
        ("a bell, a key, and 2 rockets", ["1 × a bell", "1 × a key", "2 × a rocket"]),
        ("two glasses of wine and an owl", ["2 × a glass of wine", "1 × an owl"]),
        ("a cat with a hat next to a dog", ["1 × a cat with a hat", "1 × a dog"]),
        ("two mice, clip art", ["2 × a mouse, clip art"]),
        (
            "two owls and a fox, noto emoji style, on a light blue background",
            [
                "2 × an owl, noto emoji style, on a light blue background",
                "1 × a fox, noto emoji style, on a light blue background",
            ]
        ),
        ("a cat and a dog on a red background", ["1 × a cat, on a red background", "1 × a dog, on a red background"]),
        // What lies on the left or above comes first.
        ("a cat right of two dogs", ["2 × a dog", "1 × a cat"]), ("a sun below a moon", ["1 × a moon", "1 × a sun"]),
        ("a cat to the left of a dog", ["1 × a cat", "1 × a dog"]),
    ])
    func thingsThatAreCountedAreReadApart(prompt: String, parts: [String]) { #expect(read(prompt) == parts) }

    @Test(arguments: [
        "", ", .", "a", "a red apple", "apples and pears", "hammer and wrench", "a hammer and sickle", "ten apples",
        "two of hearts playing card", "four leaf clover", "two button mouse", "six cats and four dogs", "and a cat",
        "black and white icon", "an owl, on a blue background", "a fox in the snow, blob emoji style",
    ])
    func otherPromptsAreOneThing(prompt: String) { #expect(SceneText(prompt) == nil) }

    @Test func thingsLieAsIsSaid() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20 {
            let beside = try #require(SceneText("a cat right of a dog")).boxes(&random).map { $0[0] }
            #expect(beside[0].x + beside[0].side <= beside[1].x + 0.001)
            let below = try #require(SceneText("a cat above a dog")).boxes(&random).map { $0[0] }
            #expect(below[0].y + below[0].side <= below[1].y + 0.001)
            let many = try #require(SceneText("three cats and a dog")).boxes(&random)
            #expect(many.map(\.count) == [3, 1] && Set(many.flatMap(\.self)).count == 4)
        }
    }

    @Test(arguments: ["an owl", "a pear", "a unicorn", "an hourglass", "a used car", "an ugly fish"])
    func articlesGoBySound(phrase: String) {
        #expect(NounNumber.article(phrase.split(separator: " ").dropFirst().map(String.init)) == phrase)
    }

    @Test(arguments: [
        "apple", "cherry", "fox", "bus", "mouse", "glass", "house", "church", "leaf", "boy", "octopus", "axe", "movie",
        "fish", "person", "tomato", "knife", "pie", "cheese", "box", "suitcase",
    ])
    func pluralsLeadBack(noun: String) { #expect(NounNumber.singular(NounNumber.plural(noun)) == noun) }
}
