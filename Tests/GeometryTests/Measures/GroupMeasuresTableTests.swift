import Testing

@testable import Geometry
@testable import Moments

@Suite("Table of groups for a terminal")
struct GroupMeasuresTableTests {
  @Test("A line a group, only what was measured, and why a group was not")
  func layout() throws {
    let table = MomentsTable(
      means: [[5, 0], [0, 7], [1, 0], [-1, 0], [0, 0]], m2: [0, 0, 4, 4, 0], counts: [1, 1, 2, 2, 3])
    let grouping = try ClassGrouping.bands(2, of: ClassSelection(table), in: table)
    #expect(
      try NeuralCollapse.measure(grouping, of: table).table == """
        band  classes  samples  of a class     nc1    nc2           nc2  gnc2
                                              cdnv   norm  interference   log
                                              mean     cv           std   std
        1           2        2           1       –      –             –     –
        2           3        7         2–3  0.8333  0.866             0     0
        band 1: expected a class with two or more samples, since within-class variability is measured, found 2 classes with one sample each

        """)
  }

  @Test("Ten bands of a large corpus, with a classifier, fit 120 columns")
  func width() throws {
    let random = MomentsTable.random(40, 4)
    let table = MomentsTable(
      tokens: random.tokens, counts: (1...40).map { 1_234_567 * $0 }, means: random.means, m2: random.m2,
      withinScatter: nil)
    let grouping = try ClassGrouping.bands(10, of: ClassSelection(table), in: table)
    let text = try NeuralCollapse.measure(
      grouping, of: table, classifier: .random(40, 4, seed: 3),
      outOfDistribution: OutOfDistributionMean(table)
    ).table
    let lines = text.split(separator: "\n")
    #expect(lines.count == 13)
    #expect(lines.allSatisfy { $0.count <= 120 })
    #expect(lines[0].contains("nc3") && lines[1].contains("ood_deviation"))
  }
}
