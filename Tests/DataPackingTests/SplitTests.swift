import Testing
import Training

@testable import DataPacking

@Suite struct SplitTests {
    private func row(_ number: Int, caption: String? = nil, group: String = "") -> PackedRow {
        PackedRow(id: "id-\(number)", captions: [caption ?? "caption \(number)"], group: group)
    }

    @Test func takesAboutTheFraction() {
        let rule = SplitRule(valFraction: 0.1)
        let taken = (0..<10_000).count { rule.split(row($0)) == "val" }
        #expect((900...1100).contains(taken))
        #expect((0..<100).allSatisfy { SplitRule().split(row($0)) == "train" })
    }

    @Test func aLargerFractionKeepsWhatASmallerOneTook() {
        let small = (0..<2000).filter { SplitRule(valFraction: 0.05).split(row($0)) == "val" }
        let large = (0..<2000).filter { SplitRule(valFraction: 0.2).split(row($0)) == "val" }
        #expect(!small.isEmpty && Set(small).isSubset(of: large))
    }

    /// A pack made next year must split as one made today.
    @Test func isStable() {
        let taken = (0..<60).filter { SplitRule(valFraction: 0.1, key: .id).split(row($0)) == "val" }
        #expect(taken == [0, 5, 18, 20, 35, 46, 47, 57])
    }

    @Test func aConceptIsInOneSplit() {
        let rule = SplitRule(valFraction: 0.5)
        for concept in 0..<50 {
            let splits = (0..<4).map {
                rule.split(row(concept * 10 + $0, caption: "\($0 % 2 == 0 ? "C" : "c")at \(concept)"))
            }
            #expect(Set(splits).count == 1)
        }
        let groups = SplitRule(valFraction: 0.5, key: .group)
        #expect(Set((0..<50).map { groups.split(row($0, group: "animals")) }).count == 1)
        #expect(Set((0..<50).map { groups.split(row($0)) }).count == 2, "rows without a group are not one group")
    }
}
