import Testing

@testable import Geometry
@testable import Moments
@testable import Samples
@testable import Support

@Suite("Table of groups for a terminal")
struct GroupMeasuresTableTests {
  @Test("One line per group; a dash for what classes of one sample do not tell")
  func layout() throws {
    let table = MomentsTable(
      tokens: [0, 1, 2, 3, 4], counts: [1, 1, 2, 2, 3],
      means: Matrix(rows: 5, columns: 2, elements: [5, 0, 0, 7, 1, 0, -1, 0, 0, 0]), m2: [0, 0, 4, 4, 0],
      withinScatter: nil)
    let grouping = try ClassGrouping.bands(2, of: ClassSelection(table))
    #expect(
      try GroupMeasures(of: grouping, in: ClassSelection(table)).table == """
        band  classes  samples  of a class         nc1     nc1    nc2           nc2  gnc2
                                            cdnv_ratio    cdnv   norm  interference   log
                                                 value    mean     cv           std   std
        1           2        2           1           –       –      0             0     0
        2           3        7         2–3      0.6667  0.8333  0.866             0     0

        """)
  }

  @Test("Ten bands of a large corpus, with a classifier, fit 132 columns")
  func width() throws {
    func random(_ seed: UInt64) -> Matrix {
      try! Matrix(rows: 40, columns: 4) { elements in
        var random = SplitMix64(seed: seed)
        for index in elements.indices { elements[index] = Double(random.normal()) }
      }
    }
    let table = MomentsTable(
      tokens: (0..<40).map { 3 * $0 + 1 }, counts: (1...40).map { 1_234_567 * $0 }, means: random(1),
      m2: [Double](repeating: 2, count: 40), withinScatter: nil)
    let grouping = try ClassGrouping.bands(10, of: ClassSelection(table))
    let text = try GroupMeasures(
      of: grouping, in: ClassSelection(table), classifier: random(3),
      outOfDistribution: OutOfDistributionMean(dimension: 4)
    ).table
    let lines = text.split(separator: "\n")
    #expect(lines.count == 13)
    #expect(lines.allSatisfy { $0.count <= 132 })
    #expect(lines[0].contains("nc3") && lines[1].contains("ood_deviation"))
  }
}
