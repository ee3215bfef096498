import ContentPolicy
import Foundation
import Testing

@Suite struct RulesTests {
    private static let small = """
        limn-policy 1
        terms fruit            # a comment
          en: apple, ripe pear*
        terms colour
          de: rot, grün
        allow
          en: apple pie
        rule red-apple
          category  violence, hate
          score     0.8
          action    block
          when      fruit + colour within 3
        rule fruit
          category  violence
          score     0.4
          action    flag
          when      fruit
        """

    private func decide(_ text: String, _ rules: String = small) throws -> Decision {
        PromptPolicy(try RuleSet(parsing: rules)).decide(text)
    }

    @Test func `Lists meet within a span`() throws {
        #expect(try decide("an apple, grün").rules == ["red-apple", "fruit"])
        #expect(try decide("grun und ein apple").rules == ["fruit"])
        #expect(try decide("an apple pie in GRÜN").verdict == .allowed)
        #expect(try decide("two ripe pears").rules == ["fruit"])
        #expect(try decide("two ripe peaches").verdict == .allowed)
    }

    @Test func `A word inside another word is none`() throws {
        #expect(try decide("pineapple and apples").verdict == .allowed)
        let inside = Self.small.replacing("apple, ripe", with: "*apple, ripe")
        #expect(try decide("pineapple", inside).rules == ["fruit"])
    }

    @Test func `The decisive rule comes first, and scores are the highest`() throws {
        let decision = try decide("grün apple")
        #expect(decision.verdict == .blocked && decision.category == .violence)
        #expect(decision.scores == [.violence: 0.8, .hate: 0.8])
    }

    @Test func `A host's file extends the standard rules and replaces some`() throws {
        let rules = """
            limn-policy 1
            extends standard
            terms house-words
              en: marzipan
            rule no-marzipan
              category  harassment
              score     0.7
              action    block
              when      house-words
            rule gore
              action    flag
            rule nudity
              action    off
            """
        #expect(try decide("marzipan", rules).rule == "no-marzipan")
        #expect(try decide("a decapitated man", rules).verdict == .flagged)
        #expect(try decide("a naked man", rules).verdict == .allowed)
        #expect(try decide("pornography", rules).isBlocked)
        #expect(try RuleSet(parsing: rules).revision != RuleSet.standard().revision)
    }

    @Test(
        arguments: [
            ("", 1, nil, "first line"),
            ("rules", 1, nil, "first line"),
            ("limn-policy 2", 1, nil, "limn-policy 1"),
            ("limn-policy 1\nlist x", 2, nil, "expected"),
            ("limn-policy 1\n  en: x", 2, nil, "must follow"),
            ("limn-policy 1\nterms Bad_Name", 2, nil, "lowercase"),
            ("limn-policy 1\nterms a\n  apple", 3, "terms a", "language"),
            ("limn-policy 1\nterms a\n  en: apple, !!", 3, "terms a", "without letters"),
            ("limn-policy 1\nterms a\n  en: a*", 3, "terms a", "length"),
            ("limn-policy 1\nterms a\n  en: apple\nrule r\n  category sexy", 5, "rule r", "'sexy' is no category"),
            ("limn-policy 1\nrule r\n  score 2", 3, "rule r", "score"),
            ("limn-policy 1\nrule r\n  action ban", 3, "rule r", "block, flag or off"),
            ("limn-policy 1\nrule r\n  colour red", 3, "rule r", "no field"),
            ("limn-policy 1\nrule r\n  score", 3, "rule r", "its value"),
            ("limn-policy 1\nrule r\n  category hate\n  score 1", 2, "rule r", "'when' is missing"),
            ("limn-policy 1\nrule r\n  category hate\n  score 1\n  when b", 2, "rule r", "no list of terms named 'b'"),
            ("limn-policy 1\nrule r\n  when b within x", 3, "rule r", "number of words"),
            ("limn-policy 1\nterms a\nextends standard", 3, nil, "before everything"),
            (
                "limn-policy 1\nterms a\n  en: fig\nrule r\n  category hate\n  score 1\n  when a\nrule r", 8, nil,
                "line 4"
            ),
        ] as [(String, Int, String?, String)])
    func `A bad file is told by line and rule`(_ text: String, _ line: Int, _ section: String?, _ words: String) {
        let error = #expect(throws: RulesError.self) { try RuleSet(parsing: text) }
        #expect(error?.line == line)
        #expect(error?.section == section)
        #expect(error?.message.contains(words) == true)
    }

    @Test func `A file that is not there is an error without its path`() {
        let error = #expect(throws: RulesError.self) {
            try RuleSet(contentsOf: URL(fileURLWithPath: "/nowhere/secret.rules"))
        }
        #expect(error?.line == 0 && error?.description.contains("secret") == false)
    }

    @Test func `Merging keeps the severer verdict`() {
        let flagged = Decision(verdict: .flagged, scores: [.hate: 0.5], flagged: [.hate], rules: ["a"], category: .hate)
        let blocked = Decision(
            verdict: .blocked, scores: [.hate: 0.2, .sexual: 0.9], flagged: [.sexual], rules: ["b"], category: .sexual)
        let both = flagged.merged(with: blocked)
        #expect(both.verdict == .blocked && both.rules == ["b", "a"] && both.category == .sexual)
        #expect(both.scores == [.hate: 0.5, .sexual: 0.9] && both.flagged == [.hate, .sexual])
        #expect(flagged.merged(with: .allowed) == flagged)
    }
}
