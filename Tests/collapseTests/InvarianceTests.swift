import Foundation
import TestSupport
import Testing

/// Laws that hold for any features, end to end: offset, scale and order must change nothing.
@Suite("Invariance")
struct InvarianceTests {
  private static let dimension = 12
  private static let classes = 30

  /// Features that are multiples of 2⁻¹², so that adding a million or doubling them is exact in float64.
  private func samples() -> (labels: [Int32], features: [Double]) {
    var generator = SeededGenerator(1)
    let means = (0..<Self.classes * Self.dimension).map { _ in generator.normal() }
    let labels = (0..<6_000).map { _ in Int32.random(in: 0..<Int32(Self.classes), using: &generator) }
    let features = labels.flatMap { label in
      (0..<Self.dimension).map { feature in
        ((means[Int(label) * Self.dimension + feature] + generator.normal()) * 4096).rounded() / 4096
      }
    }
    return (labels, features)
  }

  private func measure(_ labels: [Int32], _ features: [Double], head: [Double]) throws -> [String: Double] {
    let folder = try TemporaryFolder()
    let stream = try folder.write(
      "a.npy", NPY.labels(labels) + NPY.features("<f8", features, dimension: Self.dimension))
    let classifier = try folder.write("w.npy", NPY.features("<f8", head, dimension: Self.dimension))
    let state = folder.file("m.h5")
    let accumulated = try Tool.collapse("accumulate", stream, "--within", "pooled", "--output", state)
    #expect(accumulated.status == 0, "\(accumulated.errors)")
    return try Golden.numbers(try Tool.collapse("measure", state, "--classifier", classifier).output)
  }

  private func head() -> [Double] {
    var generator = SeededGenerator(2)
    return (0..<(Self.classes + 1) * Self.dimension).map { _ in generator.normal() }
  }

  private func expectEqual(_ first: [String: Double], _ second: [String: Double], but scaled: [String] = []) {
    #expect(first.count == second.count)
    for (key, value) in second {
      let number = key.replacing(/^standard_errors\./, with: "")
      guard !scaled.contains(where: number.hasPrefix) else { continue }
      #expect(Golden.deviation(first[key], value) <= 1e-9, "\(key)")
    }
  }

  @Test("A common offset of a million changes no statistic")
  func offset() throws {
    let (labels, features) = samples()
    expectEqual(
      try measure(labels, features.map { $0 + 1e6 }, head: head()), try measure(labels, features, head: head()))
  }

  @Test("Doubling the features changes only lengths")
  func scale() throws {
    let (labels, features) = samples()
    expectEqual(
      try measure(labels, features.map { $0 * 2 }, head: head()), try measure(labels, features, head: head()),
      but: [
        "within_trace", "between_trace", "nc1_cdnv_squared", "nc2_norm.", "nc2_norm_squared", "nc2_log_norm", "nc3_dot",
      ])
  }

  @Test("Shuffling the samples changes no statistic")
  func shuffled() throws {
    let (labels, features) = samples()
    var generator = SeededGenerator(3)
    let order = labels.indices.shuffled(using: &generator)
    expectEqual(
      try measure(
        order.map { labels[$0] },
        order.flatMap { features[$0 * Self.dimension..<($0 + 1) * Self.dimension] }, head: head()),
      try measure(labels, features, head: head()))
  }

  @Test("Two identical class means are counted separately, and leave the other pairs unchanged")
  func identicalMeans() throws {
    let (labels, features) = samples()
    let copied = labels.indices.filter { labels[$0] == 5 }
    // The same rows in another order, as another class: equal means up to rounding.
    let doubled = copied.reversed().flatMap { features[$0 * Self.dimension..<($0 + 1) * Self.dimension] }
    let found = try measure(
      labels + Array(repeating: Int32(Self.classes), count: copied.count), features + doubled, head: head())
    for key in ["nc1_cdnv", "nc1_cdnv_squared", "gnc2_log", "gnc2_riesz1"] {
      #expect(found[key + ".infinite_pairs"] == 1)
      #expect(try #require(found[key + ".mean"]) < 10)
    }
    #expect(found["gnc2_distance.infinite_pairs"] == nil)
    #expect(Golden.deviation(found["nc2_max_coherence"], 1) <= 1e-9)
  }
}
