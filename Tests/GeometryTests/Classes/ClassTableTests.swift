import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

@Suite("Class table")
struct ClassTableTests {
  let table = MomentsTable(
    tokens: [3, 8, 9], counts: [2, 4, 1], means: Matrix([[1, 0], [-1, 0], [0, 0]]), m2: [1, 4, 0], withinScatter: nil)

  @Test("Columns are in the order of the full list; undefined values are nil")
  func columns() throws {
    let classes = try table.measure().classes
    let entries = classes.columns.map(\.entry)
    #expect(entries == ClassColumnEntry.all.filter(entries.contains))
    #expect(
      entries.map(\.name) == [
        "token", "count", "norm", "variance", "mean_cdnv", "nearest_token", "nearest_coherence", "cosine",
        "nc4_samples", "nc4_hits",
      ])
    #expect(classes.tokens == [3, 8, 9] && classes[.count]?.integers == [2, 4, 1])
    #expect(classes[.norm]?.numbers == [1, 1, 0] && classes[.variance]?.numbers == [0.5, 1, 0])
    #expect(classes[.meanCDNV]?.numbers == [0.21875, 0.34375, 0.375])
    #expect(classes[.nearestToken]?.integers == [8, 3, nil] && classes[.nearestCoherence]?.numbers == [-1, -1, nil])
    #expect(classes[.cosine]?.numbers == [nil, nil, nil] && classes[.agreed]?.integers == [nil, nil, nil])
  }

  @Test("With a classifier there are cosines, except for classes without a direction")
  func cosines() throws {
    let classes = try table.measure(classifier: [[2, 0], [3, 0], [1, 1]]).classes
    #expect(classes[.cosine]?.numbers == [1, -1, nil])
  }

  @Test("A column of another version has only its name")
  func named() {
    #expect(ClassColumnEntry.named("nc4_hits") == .agreed && ClassColumnEntry.named("new").title == "new")
  }

  @Test("If classes are equally near, the smallest token is named")
  func ties() throws {
    let axes = unitVectors(3)
    let measures = try MomentsTable(means: axes + axes.map { $0.map { -$0 } }).measure()
    #expect(measures.classes["nearest_token"]?.integers == [1, 0, 0, 1, 0, 0])
  }

  @Test("Random classes agree with all pairs one by one")
  func random() throws {
    let table = MomentsTable.random(140, 5)
    let force = BruteForce(means: table.means.vectors, variances: zip(table.m2, table.counts).map { $0 / Double($1) })
    let directions = force.directions
    let classes = try table.measure().classes
    #expect(classes.tokens == table.tokens.map { Int($0) })
    #expect(classes["count"]?.integers == table.counts)
    let (cdnvs, coherences) = (try column("mean_cdnv", classes), try column("nearest_coherence", classes))
    let found = try #require(classes["nearest_token"]?.integers)
    for c in directions.indices {
      let others = directions.indices.filter { $0 != c }
      let mean = others.reduce(0) { $0 + force.cdnv(c, $1) } / Double(others.count)
      let cosines = others.map { inner(directions[c], directions[$0]) }
      let nearest = try #require(cosines.indices.max { cosines[$0] < cosines[$1] })
      #expect(deviation(cdnvs[c], mean) < 1e-11)
      #expect(found[c] == Int(table.tokens[others[nearest]]))
      #expect(deviation(coherences[c], cosines[nearest]) < 1e-11)
    }
  }

  @Test("A column is inserted after another, or at the end")
  func inserting() throws {
    let classes = try table.measure().classes
    let text = ClassColumn(.text, .texts([" the", nil, "a,b"]))
    #expect(classes.inserting(text, after: .token).columns[1] == text)
    #expect(classes.inserting(text, after: .type).columns.last == text)
  }

  private func column(_ name: String, _ classes: ClassTable) throws -> [Double?] {
    Array(try #require(classes[name]).numbers)
  }
}
