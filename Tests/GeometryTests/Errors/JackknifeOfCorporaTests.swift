import Foundation
import TestSupport
import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

/// Jackknife errors of simulated corpora, compared with how much the numbers scatter from one corpus to the next.
///
/// `COLLAPSE_CORPORA=100` draws that many corpora of 150 classes, and prints all ratios.
@Suite("Jackknife errors of simulated corpora")
struct JackknifeOfCorporaTests {
  private static let asked = ProcessInfo.processInfo.environment["COLLAPSE_CORPORA"].flatMap { Int($0) }

  /// Corpora in parts: every class has a sample, and the others follow Zipf's law. Means, spreads and head are fixed.
  private struct Corpora {
    let classes: Int
    let dimension: Int
    let samples: Int
    let parts: Int
    let means: [[Double]]
    let spreads: [Double]
    let head: [[Double]]

    init(classes: Int, dimension: Int, samples: Int, parts: Int) {
      var generator = SeededGenerator(3)
      (self.classes, self.dimension, self.samples, self.parts) = (classes, dimension, samples, parts)
      means = (0..<classes).map { _ in (0..<dimension).map { _ in 0.4 * generator.normal() } }
      spreads = (0..<classes).map { _ in exp(0.3 * generator.normal()) / Double(dimension).squareRoot() }
      head = means.map { $0.map { $0 + 0.2 * generator.normal() } }
    }

    /// Expected samples of each class.
    var expected: [Double] {
      let total = (1...classes).reduce(0) { $0 + 1 / Double($1) }
      return (1...classes).map { 1 + Double(samples - classes) / (total * Double($0)) }
    }

    /// The moments of a corpus, those without each part, and the sizes of the parts.
    func draw(seed: Int) -> (whole: MomentsTable, without: [MomentsTable], sizes: [Int]) {
      var generator = SeededGenerator(seed)
      let sums = (1...classes).reduce(into: [0.0]) { $0.append(($0.last ?? 0) + 1 / Double($1)) }
      var labels = Array(0..<classes)
      while labels.count < samples {
        let place = Double.random(in: 0..<(sums.last ?? 1), using: &generator)
        labels.append((sums.firstIndex { $0 > place } ?? 1) - 1)
      }
      labels.shuffle(using: &generator)
      var moments = (0..<parts).map { _ in PartMoments(classes: classes, dimension: dimension) }
      // Parts of unequal size: every third sample beyond the first half goes to the first half of the parts.
      for (row, label) in labels.enumerated() {
        let part = row % 3 == 0 ? row % (parts / 2) : row % parts
        let feature = (0..<dimension).map { means[label][$0] + spreads[label] * generator.normal() }
        moments[part].add(label, feature)
      }
      let others = (0..<parts).map { left in
        moments.indices.filter { $0 != left }.reduce(into: PartMoments(classes: classes, dimension: dimension)) {
          $0.add(moments[$1])
        }.table
      }
      let all = moments.reduce(into: PartMoments(classes: classes, dimension: dimension)) { $0.add($1) }
      return (all.table, others, moments.map { $0.counts.reduce(0, +) })
    }
  }

  /// Sums of features and of their squares: enough digits for features near 1.
  private struct PartMoments {
    let dimension: Int
    var counts: [Int]
    var sums: [Double]
    /// Σ hhᵀ of all samples.
    var products: [Double]
    var squares: [Double]

    init(classes: Int, dimension: Int) {
      self.dimension = dimension
      counts = Array(repeating: 0, count: classes)
      squares = Array(repeating: 0, count: classes)
      sums = Array(repeating: 0, count: classes * dimension)
      products = Array(repeating: 0, count: dimension * dimension)
    }

    mutating func add(_ label: Int, _ feature: [Double]) {
      counts[label] += 1
      for (i, x) in feature.enumerated() {
        sums[label * dimension + i] += x
        squares[label] += x * x
        for (j, y) in feature.enumerated() { products[i * dimension + j] += x * y }
      }
    }

    mutating func add(_ other: PartMoments) {
      for c in counts.indices { counts[c] += other.counts[c] }
      for c in squares.indices { squares[c] += other.squares[c] }
      for c in sums.indices { sums[c] += other.sums[c] }
      for c in products.indices { products[c] += other.products[c] }
    }

    var table: MomentsTable {
      let present = counts.indices.filter { counts[$0] > 0 }
      var (means, m2, scatter): ([Double], [Double], [Double]) = ([], [], products)
      for c in present {
        let n = Double(counts[c])
        let mean = (0..<dimension).map { sums[c * dimension + $0] / n }
        m2.append(counts[c] == 1 ? 0 : max(0, squares[c] - n * mean.reduce(0) { $0 + $1 * $1 }))
        means += mean
        for i in 0..<dimension { for j in 0..<dimension { scatter[i * dimension + j] -= n * mean[i] * mean[j] } }
      }
      return MomentsTable(
        tokens: present.map { Int32($0) }, counts: present.map { counts[$0] },
        means: Matrix(rows: present.count, columns: dimension, elements: means), m2: m2,
        withinScatter: Matrix(rows: dimension, columns: dimension, elements: scatter))
    }
  }

  @Test(
    "RMS errors are 0.7 to 2 times the scatter, for headline statistics that get a bar",
    arguments: asked == nil ? [8] : [1, 10])
  func scatter(minCount: Int) throws {
    let corpora =
      Self.asked == nil
      ? Corpora(classes: 24, dimension: 4, samples: 400, parts: 8)
      : Corpora(classes: 150, dimension: 16, samples: 3_000, parts: 16)
    // Fixed for all corpora.
    let tokens = corpora.expected.indices.filter { minCount == 1 || corpora.expected[$0] >= Double(minCount) }
    let classifier = Matrix(corpora.head)
    func numbers(_ table: MomentsTable) throws -> [Geometry.Measurement] {
      let selection = try ClassSelection(table, ClassFilter(tokens: Set(tokens.map { Int32($0) })))
      let rows = try classifier.selecting(selection.tokens.map(Int.init))
      return try Measures.numbers(of: selection, classifier: rows)
    }
    var drawn: [[Geometry.Measurement]] = []
    for seed in 0..<(Self.asked ?? 16) {
      let corpus = corpora.draw(seed: 1_000 + seed)
      let jackknife = try #require(Jackknife(sizes: corpus.sizes))
      let found = try jackknife.errors(
        of: numbers(corpus.whole), without: corpus.without.map { try numbers($0) })
      drawn.append(found.measurements)
    }
    var compared = 0
    for (place, measurement) in drawn[0].enumerated() {
      for part in measurement.entry.shape.parts where measurement.errors[part] != nil {
        let values = drawn.compactMap { $0[place].number(part) }
        let errors = drawn.compactMap { $0[place].errors[part] }
        let bars = drawn.count { $0[place].bar(part) != nil }
        let scatter = try #require(RunningVariance(values).sampleDeviation)
        let ratio = RunningVariance(errors.map { $0 * $0 }).mean.squareRoot() / scatter
        let isHeadline = measurement.entry.headline?.part == part
        if Self.asked != nil {
          print(
            "min-count \(minCount), \(measurement.id) \(part.rawValue)\(isHeadline ? " *" : ""):",
            "\((ratio * 100).rounded() / 100), a bar in \(bars) of \(drawn.count)")
        }
        guard isHeadline, 2 * bars > drawn.count else { continue }
        compared += 1
        // Sixteen corpora know the scatter to a fifth.
        let limits = Self.asked == nil ? 0.5...2.5 : 0.7...2
        #expect(limits.contains(ratio), "min-count \(minCount): \(measurement.id) \(part.rawValue): \(ratio)")
      }
    }
    #expect(compared >= 2)
  }
}
