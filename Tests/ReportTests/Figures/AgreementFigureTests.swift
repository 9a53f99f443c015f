import Testing

@testable import Artefacts
@testable import Geometry
@testable import Report

@Suite("NC4 by frequency")
struct AgreementFigureTests {
  @Test("NC4 by frequency: samples and hits of each octave add up to those of the table")
  func agreement() throws {
    let model = try SampleModel(classes: 500)
    let rows = try ClassesReader(model.folder.file("classes.csv")).table
    let data = try #require(ClassFigures(rows: rows).agreement).data
    #expect(data["nc4_samples"].compactMap { $0 }.reduce(0, +) == Double(model.samples.reduce(0, +)))
    #expect(data["nc4_hits"].compactMap { $0 }.reduce(0, +) == Double(model.hits.reduce(0, +)))
    for row in 0..<data.rows {
      #expect(data["agreement"][row] == (data["nc4_hits"][row] ?? 0) / (data["nc4_samples"][row] ?? 1))
    }
  }

  @Test("Wilson's interval of 8 of 10 is 0.4902 to 0.9433, and stays within 0 and 1")
  func wilson() throws {
    let some = try #require(WilsonInterval(hits: 8, of: 10))
    #expect(abs(some.low - 0.490162) < 1e-6 && abs(some.high - 0.943318) < 1e-6)
    #expect(WilsonInterval(hits: 0, of: 3)?.low == 0 && WilsonInterval(hits: 3, of: 3)?.high == 1)
    #expect(WilsonInterval(hits: 0, of: 0) == nil)
  }

  @Test(
    "Wilson's bounds are the shares p whose deviation from the observed is z standard errors of p: (p̂ − p)² = z²p(1 − p)/n"
  )
  func equation() throws {
    let z = 1.959_963_984_540_054
    for (hits, samples) in [(1.0, 2.0), (1, 1000), (250, 1000), (3, 4), (999, 1000)] {
      let found = try #require(WilsonInterval(hits: hits, of: samples))
      #expect(found.share == hits / samples && found.low < found.share && found.share < found.high)
      for bound in [found.low, found.high] {
        let deviation = (found.share - bound) * (found.share - bound)
        #expect(abs(deviation - z * z * bound * (1 - bound) / samples) < 1e-15)
      }
    }
    // At the ends the other bound is n/(n + z²).
    let all = try #require(WilsonInterval(hits: 8, of: 8))
    #expect(abs(all.low - 8 / (8 + z * z)) < 1e-15 && all.share == 1)
  }

  @Test("Classes of an octave are pooled, and octaves without unseen samples left out")
  func byHand() throws {
    let rows = try ClassTable(
      csv: "token,count,nc4_samples,nc4_hits\n0,1,4,1\n1,1,4,2\n2,3,0,0\n3,8,10,9\n4,15,,\n5,9,10,10\n")
    let figure = try #require(ClassFigures(rows: rows).agreement)
    #expect(figure.data["smallest_count"] == [1, 8] && figure.data["largest_count"] == [1, 15])
    #expect(figure.data["nc4_samples"] == [8, 20] && figure.data["nc4_hits"] == [3, 19])
    #expect(figure.data["agreement"] == [0.375, 0.95])
    #expect(
      figure.finding.replacing("\u{202F}", with: " ").hasPrefix(
        "Classifier and nearest class mean agree on 78.6 % of 28 unseen samples of these classes, and on 95.0 % for "
          + "classes of 8–15 samples."))
  }

  @Test("One octave makes no figure, nor does a table without decisions")
  func none() throws {
    let one = try ClassTable(csv: "token,count,nc4_samples,nc4_hits\n0,2,4,1\n1,3,4,2\n2,8,0,0\n")
    #expect(ClassFigures(rows: one).agreement == nil)
    #expect(ClassFigures(rows: try ClassTable(csv: "token,count\n0,1\n1,8\n")).agreement == nil)
  }
}
