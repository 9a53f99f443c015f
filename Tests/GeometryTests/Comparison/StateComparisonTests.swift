import Foundation
import TestSupport
import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

extension ComparedState {
  /// A state of which all classes are common.
  init(_ table: MomentsTable) throws { try self.init(table, counts: table.counts, m2: table.m2) }

  /// Class means with two samples each, by their rows.
  init(means: [[Double]], m2: [Double]? = nil, counts: [Int]? = nil) throws {
    try self.init(MomentsTable(means: means, m2: m2, counts: counts))
  }
}

/// Two states compared over their common classes.
@Suite("Two states compared")
struct StateComparisonTests {
  private func compare(
    _ a: ComparedState, _ b: ComparedState, sameSamples: Bool = true, sameBasis: Bool = true, bands: Int? = nil,
    threads: Int = 1
  ) throws -> StateComparison {
    let groupings = try bands.map { [try StateComparison.bands($0, of: a, b)] } ?? []
    return try StateComparison(
      a, b, .init(samples: sameSamples ? .same : .different, sameBasis: sameBasis), groupings: groupings,
      threads: threads)
  }

  private func number(_ comparison: StateComparison, _ id: String) -> Double? { comparison[id]?.number(.value) }

  @Test(
    "A state compared with itself is exactly 0 and 1, for any number of classes, features and threads",
    arguments: [(2, 1), (2, 5), (3, 1), (7, 3), (40, 200), (300, 150), (129, 128)])
  func itself(classes: Int, dimension: Int) throws {
    for (offset, seed) in [(0.0, 1), (1e6, 2), (-3.0, 3)] {
      let table = MomentsTable.random(classes, dimension, offset: offset, seed: seed)
      // Another copy in memory, with means as two doubles.
      let copy = try table.selecting(Array(0..<classes))
      for threads in [1, 3] {
        let comparison = try compare(ComparedState(table), ComparedState(copy), bands: 1, threads: threads)
        for measured in [comparison.measurements, comparison.groups[0].groups[0].measurements] {
          func value(_ id: String, _ part: StatisticEntry.Part = .value) -> Double? {
            measured.first { $0.id == id }?.number(part)
          }
          #expect(value("cka") == 1 && value("procrustes_distance") == 0 && value("squared_shift") == 0)
          #expect(value("mean_cosine", .mean) == 1 && value("mean_cosine", .std) == 0)
          #expect(value("squared_distance", .mean) == 0 && value("squared_distance", .std) == 0)
        }
      }
    }
  }

  @Test("Matrices of other dimensions, against NumPy")
  func otherDimensions() throws {
    func rows(_ columns: Int, _ element: (Double, Double) -> Double) -> [[Double]] {
      (0..<7).map { k in (0..<columns).map { j in element(Double(k), Double(j)) } }
    }
    let a = rows(3) { k, j in sin(1 + 3 * k + 5 * j) }
    let b = rows(5) { k, j in cos(k * j + 2 * j + k) }
    let still = [Double](repeating: 0, count: 7)
    let comparison = try compare(
      ComparedState(means: a, m2: still), ComparedState(means: b, m2: still), sameBasis: false)
    #expect(deviation(number(comparison, "cka"), 0.5571398061893799) < 1e-12)
    #expect(deviation(number(comparison, "cka_shuffled"), 0.3467935952530448) < 1e-12)
    #expect(deviation(number(comparison, "procrustes_distance"), 0.39867336774175244) < 1e-12)
    let floor: Double = 0.3 * (5.0 / 12)
    #expect(deviation(number(comparison, "cka_noise_floor"), floor.squareRoot()) < 1e-15)
    #expect(comparison["mean_cosine"] == nil && comparison["squared_distance"] == nil)
    #expect(comparison.remarks.map(\.id) == ["no_basis", "near_floor"])
  }

  @Test("Rotating, scaling and shifting one state changes neither CKA nor Procrustes distance")
  func rotated() throws {
    let a = Matrix.random(20, 2, seed: 4).vectors
    let (c, s): (Double, Double) = (cos(0.7), sin(0.7))
    var b: [[Double]] = []
    for row in a {
      let (x, y) = (c * row[0] - s * row[1], s * row[0] + c * row[1])
      b.append([3 * x + 5, 3 * y - 9, 0])
    }
    let comparison = try compare(ComparedState(means: a), ComparedState(means: b), sameBasis: false)
    #expect(deviation(number(comparison, "cka"), 1) < 1e-13)
    #expect((number(comparison, "procrustes_distance") ?? 1) < 1e-13)
  }

  @Test("The CKA of shuffled classes is the mean over all permutations")
  func shuffled() throws {
    let a = Matrix.random(5, 3, seed: 5).vectors
    let b = Matrix.random(5, 4, seed: 6).vectors
    func permutations(_ rows: [Int]) -> [[Int]] {
      rows.isEmpty ? [[]] : rows.flatMap { row in permutations(rows.filter { $0 != row }).map { [row] + $0 } }
    }
    let one = try ComparedState(means: a)
    var all: [MeansSimilarity] = []
    for order in permutations(Array(0..<5)) {
      let found = try MeansSimilarity(one, ComparedState(means: order.map { b[$0] }), threads: 1)
      all.append(try #require(found))
    }
    let mean = all.map(\.cka).reduce(0, +) / Double(all.count)
    #expect(all.allSatisfy { deviation($0.shuffledCKA, mean) < 1e-12 })
  }

  @Test("Independent noise has the CKA of the noise floor, d/(K + d)")
  func floor() throws {
    var generator = SeededGenerator(8)
    func noise() throws -> ComparedState {
      try ComparedState(means: (0..<300).map { _ in (0..<32).map { _ in generator.normal() } })
    }
    let comparisons = try (0..<10).map { _ in try compare(noise(), noise(), sameBasis: false) }
    for id in ["cka", "cka_shuffled"] {
      let mean = comparisons.compactMap { number($0, id) }.reduce(0, +) / 10
      #expect(deviation(mean, 32.0 / 332) < 0.05, "\(id)")
    }
    #expect(number(comparisons[0], "cka_noise_floor") == 32.0 / 332)
  }

  @Test("Cosines, distances and shift follow their definitions")
  func movements() throws {
    let (a, b) = ([[1.0, 2], [3, 5], [-1, 0]], [[2.0, 2], [3, 1], [0, 1]])
    let comparison = try compare(ComparedState(means: a), ComparedState(means: b))
    let distances: [Double] = zip(a, b).map { one, two in
      let (x, y): (Double, Double) = (one[0] - two[0], one[1] - two[1])
      return x * x + y * y
    }
    #expect(comparison.classes[.squaredDistance]?.numbers.map { $0 } == distances)
    func centred(_ rows: [[Double]]) -> [[Double]] {
      let mean = (0..<2).map { column in rows.map { $0[column] }.reduce(0, +) / 3 }
      return rows.map { [$0[0] - mean[0], $0[1] - mean[1]] }
    }
    let cosines = comparison.classes[.meanCosine]?.numbers.map { $0 } ?? []
    for (found, (m, n)) in zip(cosines, zip(centred(a), centred(b))) {
      let product: Double = m[0] * n[0] + m[1] * n[1]
      let expected: Double = product / (hypot(m[0], m[1]) * hypot(n[0], n[1]))
      #expect(deviation(found, expected) < 1e-14)
    }
    #expect(cosines.count == 3)
    #expect(deviation(number(comparison, "squared_shift"), 4.0 / 9 + 1) < 1e-14)
    #expect(comparison["squared_distance_corrected"] == nil && comparison.remarks.first?.id == "paired")
  }

  @Test("Of different samples, the noise of both states is subtracted, with the typical spread for single samples")
  func corrected() throws {
    // s² = 4/(2 − 1), 6/(4 − 1); typical 3, for the class of one sample.
    let a = try ComparedState(means: [[0, 0], [4, 0], [0, 8]], m2: [4, 6, 0], counts: [2, 4, 1])
    let b = try ComparedState(means: [[3, 0], [4, 1], [0, 8]], m2: [2, 3, 8], counts: [2, 2, 5])
    let comparison = try compare(a, b, sameSamples: false)
    let errors = [2.0 + 1, 0.5 + 1.5, 3 + 0.4]
    let found = comparison.classes[.correctedDistance]?.numbers.compactMap { $0 } ?? []
    let expected: [Double] = zip([9.0, 1, 0], errors).map { $0 - $1 }
    #expect(found.count == 3 && zip(found, expected).allSatisfy { abs($0 - $1) < 1e-14 })
    guard case .overClasses(let summary)? = comparison["squared_distance_corrected"]?.value else {
      Issue.record("absent")
      return
    }
    #expect(summary.noiseOnly == 2 && comparison.remarks.map(\.id).contains("unpaired"))
    #expect(comparison.classes.movement?.entry == .correctedDistance)
    #expect(comparison.classes.movedMost(9).map { $0["token"] } == [.integer(0)])
  }

  @Test("If one state has some of the samples of the other, only the noise of the rest is subtracted")
  func nested() throws {
    // In the larger state, s² = 6/3 and 8/4; e = s²/n, of which the smaller state has (N/n − 1) e more.
    let all = try ComparedState(means: [[0, 0], [4, 0]], m2: [6, 8], counts: [4, 5])
    let some = try ComparedState(means: [[3, 0], [4, 0]], m2: [5, 8], counts: [1, 5])
    let expected: [Double] = [9 - (2 - 0.5), 0]
    for (a, b, samples) in [
      (some, all, StateComparison.Relation.Samples.aWithinB), (all, some, StateComparison.Relation.Samples.bWithinA),
    ] {
      let comparison = try StateComparison(a, b, .init(samples: samples, sameBasis: true))
      #expect(comparison.classes[.correctedDistance]?.numbers.compactMap(\.self) == expected)
      #expect(comparison.json["samples"] == .string(samples.rawValue))
      #expect(comparison.remarks.first?.text.contains("only the noise that they do not share") == true)
    }
  }

  @Test("Over redrawn samples the corrected distance averages to that of the true means, the raw one does not")
  func unbiased() throws {
    var generator = SeededGenerator(11)
    let truth = (0..<40).map { _ in (0..<6).map { _ in 3 * generator.normal() } }
    func sample(_ shift: Double) throws -> ComparedState {
      let counts = truth.indices.map { [1, 2, 5][$0 % 3] }
      var (means, m2): ([[Double]], [Double]) = ([], [])
      for (mean, count) in zip(truth, counts) {
        let rows = (0..<count).map { _ in mean.map { $0 + shift + generator.normal() } }
        let centre = mean.indices.map { column in rows.map { $0[column] }.reduce(0, +) / Double(count) }
        means.append(centre)
        var sum = 0.0
        for row in rows { for (x, m) in zip(row, centre) { sum += (x - m) * (x - m) } }
        m2.append(sum)
      }
      return try ComparedState(means: means, m2: m2, counts: counts)
    }
    let rounds = 200
    var (raw, corrected): ([Double], [Double]) = ([], [])
    for _ in 0..<rounds {
      let movements = ClassMovements(try sample(0), try sample(0.5), .different)
      raw.append(movements.squaredDistances.reduce(0, +) / 40)
      corrected.append((movements.corrected ?? []).reduce(0, +) / 40)
    }
    let found = RunningVariance(corrected)
    let error = (found.sampleDeviation ?? 0) / Double(rounds).squareRoot()
    #expect(abs(found.mean - 1.5) < 3 * error && RunningVariance(raw).mean > 4)
  }

  @Test("One class, equal means, and states without a repeated class give null with a reason, never NaN")
  func undefined() throws {
    let single = try compare(ComparedState(means: [[1, 2]]), ComparedState(means: [[2, 4]]), sameSamples: false)
    for id in ["cka", "procrustes_distance", "cka_shuffled"] { #expect(single[id]?.json == .null, "\(id)") }
    #expect(single["squared_distance"]?.number(.mean) == 5 && single["mean_cosine"]?.number(.mean) == nil)
    #expect(
      single.remarks.contains { $0.text.contains("are undefined (null): they compare classes, and there is only one") })
    let flat = try compare(ComparedState(means: [[1], [1]]), ComparedState(means: [[1], [2]]))
    #expect(flat["cka"]?.json == .null)
    #expect(flat.remarks.contains { $0.text.hasSuffix("all class means of A agree within rounding") })
    let once = try compare(
      ComparedState(means: [[1], [2], [4]], m2: [0, 0, 0], counts: [1, 1, 1]), ComparedState(means: [[1], [3], [3]]),
      sameSamples: false)
    #expect(once["squared_distance_corrected"]?.number(.mean) == nil && once["squared_distance"]?.number(.mean) != nil)
    #expect(once.remarks.contains { $0.text.contains("no class of one state has two samples") })
    for text in [
      "selected_within_trace, selected_quotient of A are undefined (null): no common class has two samples",
      "between_trace_corrected, noise_share of A are undefined (null): no class has two samples",
    ] { #expect(once.remarks.contains { $0.text.hasPrefix(text) }, "\(text)") }
    for comparison in [single, flat, once] {
      #expect(!comparison.json.text.contains("nan") && !comparison.json.text.contains("inf"))
    }
  }

  @Test("Two classes always have CKA 1, and a remark says so; zero variance is no noise")
  func two() throws {
    let a = try ComparedState(means: [[1, 5], [2, 7]], m2: [0, 0])
    let comparison = try compare(a, ComparedState(means: [[0, 3], [9, -2]], m2: [0, 0]), sameSamples: false)
    #expect(deviation(number(comparison, "cka"), 1) < 1e-14)
    #expect(comparison.remarks.map(\.id).contains("two_classes"))
    let (raw, corrected) = (comparison["squared_distance"], comparison["squared_distance_corrected"])
    #expect(raw?.number(.mean) == corrected?.number(.mean))
    #expect(a.noiseShare == 0)
  }

  @Test("Each band is compared as if only its classes were common")
  func bands() throws {
    let (a, b) = (MomentsTable.random(23, 4, seed: 20), MomentsTable.random(23, 4, seed: 21))
    let comparison = try compare(ComparedState(a), ComparedState(b), sameSamples: false, bands: 3)
    let order = (0..<23).sorted { (a.counts[$0] + b.counts[$0], $0) < (a.counts[$1] + b.counts[$1], $1) }
    let groups = try #require(comparison.groups.first?.groups)
    for (group, range) in zip(groups, [0..<7, 7..<15, 15..<23]) {
      let rows = order[range].sorted()
      let alone = try compare(
        ComparedState(a.selecting(rows), counts: a.counts, m2: a.m2),
        ComparedState(b.selecting(rows), counts: b.counts, m2: b.m2), sameSamples: false)
      #expect(group.measurements == alone.measurements)
    }
    #expect(groups.count == 3)
  }
}
