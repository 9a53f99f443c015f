import Testing

@testable import Artefacts
@testable import Geometry
@testable import Report

@Suite("Figures of the table of classes")
struct ClassFiguresTests {
  private let model: SampleModel
  private let rows: ClassTable

  init() throws {
    model = try SampleModel(classes: 500)
    rows = try ClassesReader(model.folder.file("classes.csv")).table
  }

  /// A table of counts and norms.
  private func figures(_ classes: [(count: String, norm: String)]) throws -> ClassFigures {
    let lines = classes.enumerated().map { "\($0),\($1.count),\($1.norm)\n" }
    return ClassFigures(rows: try ClassTable(csv: "token,count,norm\n" + lines.joined()))
  }

  @Test("Frequency: counts by rank, including the first and the last")
  func frequency() throws {
    let data = try #require(ClassFigures(rows: rows).frequency).data
    let sorted = model.counts.sorted(by: >)
    #expect(data["rank"].first == 1 && data["rank"].last == 500)
    for (rank, count) in zip(data["rank"], data["count"]) {
      #expect(count == Double(sorted[Int(try #require(rank)) - 1]))
    }
    #expect(data["rank"].compactMap { $0 } == Set(data["rank"].compactMap { $0 }).sorted())
  }

  @Test("Norms and cosines: every class is in exactly one bar")
  func histograms() throws {
    for (quantity, values) in [(ClassFigures.norms, model.norms), (ClassFigures.cosines, model.cosines)] {
      let data = try #require(ClassFigures(rows: rows).histogram(of: quantity)).data
      #expect(data["classes"].compactMap { $0 }.reduce(0, +) == 500)
      for bar in 0..<data.rows {
        let (lower, upper) = (try #require(data["lower"][bar]), try #require(data["upper"][bar]))
        // An edge is a rounded number, so a value on one may be counted on either side.
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

  @Test("Frequency in words: the most frequent, the share of the first hundred, and the number with a single sample")
  func words() throws {
    let figure = try #require(
      try figures([("1", "1"), ("", "1"), ("7", "1"), ("1", "1"), ("0", "1"), ("2", "1")]).frequency)
    #expect(figure.data["rank"] == [1, 2, 3, 4] && figure.data["count"] == [7, 2, 1, 1])
    #expect(
      figure.finding.replacing("\u{202F}", with: " ")
        == "The most frequent of 4 classes has 7 samples; the 4 most frequent have 100.0 % of all, and 2 classes have a "
        + "single one.")
    #expect(try figures([("5", "1")]).frequency == nil)
  }

  @Test("A column has 60 bars from the least to the largest value, which is in the last bar")
  func bars() throws {
    // 0 … 60, one per bar, with the last two together.
    let figure = try #require(
      try figures((0...60).map { ("1", "\($0)") }).histogram(of: ClassFigures.norms))
    #expect(figure.data["lower"].first == 0 && figure.data["upper"].last == 60)
    #expect(figure.data["classes"] == .init(repeating: 1, count: 59) + [2])
    #expect(
      figure.finding == "Half of 61 classes lie between 15 and 45, with the median at 30; all between 0 and 60.")
    #expect(try figures([("1", "2"), ("1", "2")]).histogram(of: ClassFigures.norms) == nil)
  }

  @Test("By frequency in words: the medians of the first and the last octave")
  func octaves() throws {
    let classes = [("1", "4"), ("1", "8"), ("2000", "1"), ("5", ""), ("2047", "2"), ("1024", "6")]
    let figure = try #require(try figures(classes.map { ($0, $1) }).byFrequency(ClassFigures.norms))
    #expect(figure.data["classes"] == [2, 3] && figure.data["lower_quartile"] == [5, 1.5])
    #expect(figure.data["upper_quartile"] == [7, 4])
    #expect(
      figure.finding.replacing("\u{202F}", with: " ").hasPrefix(
        "The median goes from 6 for classes of 1 sample to 2 for classes of 1 024–2 047 samples."))
    #expect(try figures([("2", "1"), ("3", "2")]).byFrequency(ClassFigures.norms) == nil)
  }
}
