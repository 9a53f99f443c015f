import Foundation
import TestSupport
import Testing

@testable import Report

@Suite("Figures have the data of their inputs")
struct FigureTests {
  private let model: SampleModel
  private let rows: ClassRows

  init() throws {
    model = try SampleModel(classes: 500)
    rows = try ClassRows(model.folder.file("classes.csv"))
  }

  @Test("Frequency: counts by rank, the first and the last among them")
  func frequency() throws {
    let data = try #require(ClassFigures(rows: rows).frequency).data
    let sorted = model.counts.sorted(by: >)
    #expect(data["rank"].first == 1 && data["rank"].last == 500)
    for (rank, count) in zip(data["rank"], data["count"]) {
      #expect(count == Double(sorted[Int(try #require(rank)) - 1]))
    }
    #expect(data["rank"].compactMap { $0 } == Set(data["rank"].compactMap { $0 }).sorted())
  }

  @Test("Norms and cosines: every class in the one bar that holds it")
  func histograms() throws {
    for (quantity, values) in [(ClassFigures.norms, model.norms), (ClassFigures.cosines, model.cosines)] {
      let data = try #require(ClassFigures(rows: rows).histogram(of: quantity)).data
      #expect(data["classes"].compactMap { $0 }.reduce(0, +) == 500)
      for bar in 0..<data.rows {
        let (lower, upper) = (try #require(data["lower"][bar]), try #require(data["upper"][bar]))
        // An edge is a rounded number: what lies on one may be counted on either side of it.
        let slack = 1e-9
        let inside = values.count { $0 > lower + slack && $0 < upper - slack }
        let near = values.count { $0 > lower - slack && $0 < upper + slack }
        #expect((Double(inside)...Double(near)).contains(try #require(data["classes"][bar])))
      }
    }
  }

  @Test("By frequency: quartiles of each octave of counts")
  func byFrequency() throws {
    let data = try #require(ClassFigures(rows: rows).byFrequency(ClassFigures.norms)).data
    for row in 0..<data.rows {
      let (low, high) = (try #require(data["smallest_count"][row]), try #require(data["largest_count"][row]))
      #expect(high == 2 * low - 1)
      let norms = model.counts.indices.filter { Double(model.counts[$0]) >= low && Double(model.counts[$0]) <= high }
        .map { model.norms[$0] }.sorted()
      #expect(data["classes"][row] == Double(norms.count))
      let median =
        norms.count % 2 == 1 ? norms[norms.count / 2] : (norms[norms.count / 2 - 1] + norms[norms.count / 2]) / 2
      #expect(abs(try #require(data["median"][row]) - median) < 1e-12)
    }
    #expect(data["classes"].compactMap { $0 }.reduce(0, +) == 500)
  }

  @Test("NC4 by frequency: samples and hits of each octave add up to those of the table")
  func agreement() throws {
    let data = try #require(ClassFigures(rows: rows).agreement).data
    #expect(data["nc4_samples"].compactMap { $0 }.reduce(0, +) == Double(model.samples.reduce(0, +)))
    #expect(data["nc4_hits"].compactMap { $0 }.reduce(0, +) == Double(model.hits.reduce(0, +)))
    for row in 0..<data.rows {
      #expect(data["agreement"][row] == (data["nc4_hits"][row] ?? 0) / (data["nc4_samples"][row] ?? 1))
    }
  }

  @Test("Wilson's interval of 8 of 10 is 0.4902 to 0.9433, and stays within 0 and 1")
  func wilson() throws {
    let some = try #require(Wilson(hits: 8, of: 10))
    #expect(abs(some.low - 0.490162) < 1e-6 && abs(some.high - 0.943318) < 1e-6)
    #expect(Wilson(hits: 0, of: 3)?.low == 0 && Wilson(hits: 3, of: 3)?.high == 1)
    #expect(Wilson(hits: 0, of: 0) == nil)
  }

  @Test("Pairs: densities of bins with two ends, over all pairs; over decades where the statistic is logarithmic")
  func pairs() throws {
    let figures = try PairFigures(model.folder.file("histograms.csv")).figures(classes: 101)
    #expect(figures.map(\.name) == ["nc1_cdnv", "nc2_interference"])
    #expect(figures[0].data["lower"] == [0.125, 0.25])
    let decades: Double = 0.301_029_995_663_981_2
    let wanted: [Double] = [40.0 / 106 / decades, 60.0 / 106 / decades]
    for (density, wanted) in zip(figures[0].data["density"], wanted) {
      #expect(abs(try #require(density) - wanted) < 1e-12)
    }
    #expect(figures[0].marks.isEmpty)
    #expect(figures[1].data["density"] == [0.6, 2, 20.0 / 100 / 0.75])
    #expect(figures[1].marks.map(\.x) == [-0.01])
  }

  @Test("The timeline: each statistic over its last value, undefined where it was")
  func timeline() throws {
    let data = try #require(try TimelineFigure.make(model.folder.file("timeline.csv"))).data
    #expect(data["nc1_quotient_over_last"] == [2, 1.5, 1])
    #expect(data["nc2_norm_cv_over_last"] == [2, 1.6, 1])
    #expect(data["nc1_pinv_over_last"] == [nil, 2, 1])
  }

  @Test("A CSV of data has names in quotes where they need them, and nothing for what is undefined")
  func csv() {
    let data = FigureData([("x", [1, nil]), ("y", [0.5, -2])], names: ("model", ["a,b", "c"]))
    #expect(data.csv == "model,x,y\n\"a,b\",1,0.5\nc,,-2\n")
  }
}
