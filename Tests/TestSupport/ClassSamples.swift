import Samples

/// Labelled rows of made-up features.
package struct ClassSamples: Sendable {
  package var labels: [Int32]
  /// [rows × dimension].
  package var features: [Double]
  package let dimension: Int

  /// Normal features around normal class means.
  package init(classes: Int, dimension: Int, rows: Int, seed: Int) {
    var generator = SeededGenerator(seed)
    let means = (0..<classes * dimension).map { _ in generator.normal() }
    labels = (0..<rows).map { _ in Int32.random(in: 0..<Int32(classes), using: &generator) }
    features = []
    features.reserveCapacity(rows * dimension)
    for label in labels {
      for feature in 0..<dimension { features.append(means[Int(label) * dimension + feature] + generator.normal()) }
    }
    self.dimension = dimension
  }

  package var rows: Int { labels.count }

  package mutating func transform(_ change: (Double) -> Double) { features = features.map(change) }

  package mutating func relabel(_ label: (Int) -> Int32) { labels = labels.indices.map(label) }

  /// Moves every row towards its class's first, to a relative `spread`.
  package mutating func collapse(spread: Double) {
    var first: [Int32: Int] = [:]
    for (row, label) in labels.enumerated() {
      let home = first[label] ?? row
      first[label] = home
      for feature in 0..<dimension where home != row {
        let place = row * dimension + feature
        features[place] = features[home * dimension + feature] * (1 + spread * features[place])
      }
    }
  }

  package func reordered(_ order: [Int]) -> ClassSamples {
    var copy = self
    copy.labels = order.map { labels[$0] }
    copy.features = order.flatMap { features[$0 * dimension..<($0 + 1) * dimension] }
    return copy
  }

  /// The rows in blocks smaller than a reader's, so that even few rows make several.
  package func blocks(_ scalar: ScalarType) -> [Block] {
    let size = 4_096
    return stride(from: 0, to: rows, by: size).map { start in
      let range = start..<min(start + size, rows)
      return block(
        Array(labels[range]), range.map { Array(features[$0 * dimension..<($0 + 1) * dimension]) }, scalar)
    }
  }
}
