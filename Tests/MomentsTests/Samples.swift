import CollapseKernels
import TestSupport
import Testing

@testable import HDF5
@testable import Moments
@testable import Samples
@testable import Support

#if arch(x86_64)
  /// Wide enough to be the truth for doubles.
  typealias Wide = Float80
#else
  typealias Wide = Double
#endif

/// Labelled rows, and their moments in two passes of wide arithmetic.
struct StreamSamples {
  var labels: [Int32]
  /// [rows × dimension].
  var features: [Double]
  let dimension: Int

  /// Normal features about normal class means.
  init(classes: Int, dimension: Int, rows: Int, seed: Int) {
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

  var rows: Int { labels.count }

  mutating func transform(_ change: (Double) -> Double) { features = features.map(change) }

  mutating func relabel(_ label: (Int) -> Int32) { labels = labels.indices.map(label) }

  /// Draws every row to its class's first, up to a relative `spread`.
  mutating func collapse(spread: Double) {
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

  func reordered(_ order: [Int]) -> StreamSamples {
    var copy = self
    copy.labels = order.map { labels[$0] }
    copy.features = order.flatMap { features[$0 * dimension..<($0 + 1) * dimension] }
    return copy
  }

  /// The rows in blocks, smaller ones than a reader makes, so that few rows are several.
  func blocks(_ scalar: ScalarType) -> [Block] {
    let size = 4_096
    return stride(from: 0, to: rows, by: size).map { start in
      let range = start..<min(start + size, rows)
      return block(
        Array(labels[range]), range.map { Array(features[$0 * dimension..<($0 + 1) * dimension]) }, scalar)
    }
  }

  func moments(
    _ scalar: ScalarType, within: WithinScatter = .pooled, workers: Workers = Workers(1), limit: ResidentLimit? = nil
  ) -> ClassMoments {
    let moments = ClassMoments(dimension: dimension, within: within, workers: workers, limit: limit)
    for block in blocks(scalar) { #expect(throws: Never.self) { try moments.fold(block) } }
    return moments
  }

  /// Compares one pass with two passes over the features as stored.
  func expectMoments(_ scalar: ScalarType, within tolerance: Double) throws {
    let table = try moments(scalar).table
    let truth = TwoPass(blocks(scalar))
    #expect(table.tokens == truth.tokens)
    #expect(table.counts == truth.tokens.map { truth.counts[$0] ?? 0 })
    let size = features.map(abs).max() ?? 0
    var worst = (mean: 0.0, m2: 0.0, scatter: 0.0)
    for (row, token) in table.tokens.enumerated() {
      for (found, expected) in zip(table.means[row: row], truth.means[token] ?? []) {
        worst.mean = max(worst.mean, abs(Double(Wide(found) - expected)) / size)
      }
      let m2 = truth.m2[token] ?? 0
      if m2 > 0 { worst.m2 = max(worst.m2, abs(Double((Wide(table.m2[row]) - m2) / m2))) }
    }
    let scale = truth.scatter.map { abs(Double($0)) }.max() ?? 0
    for (found, expected) in zip(table.withinScatter?.elements ?? [], truth.scatter) {
      worst.scatter = max(worst.scatter, abs(Double(Wide(found) - expected)) / scale)
    }
    #expect(worst.mean <= 1e-15)
    #expect(worst.m2 <= tolerance)
    #expect(worst.scatter <= tolerance)
  }
}

/// Means first, deviations second.
private struct TwoPass {
  var counts: [Int32: Int] = [:]
  var means: [Int32: [Wide]] = [:]
  var m2: [Int32: Wide] = [:]
  var scatter: [Wide]

  var tokens: [Int32] { counts.keys.sorted() }

  init(_ blocks: [Block]) {
    let d = blocks[0].dimension
    scatter = Array(repeating: 0, count: d * d)
    forEachRow(blocks) { label, row in
      counts[label, default: 0] += 1
      for feature in 0..<d { means[label, default: Array(repeating: 0, count: d)][feature] += Wide(row[feature]) }
    }
    for (label, count) in counts { means[label] = means[label]?.map { $0 / Wide(count) } }
    forEachRow(blocks) { label, row in
      let residual = zip(row, means[label] ?? []).map { Wide($0) - $1 }
      m2[label, default: 0] += residual.reduce(0) { $0 + $1 * $1 }
      for i in 0..<d { for j in 0..<d { scatter[i * d + j] += residual[i] * residual[j] } }
    }
  }

  private func forEachRow(_ blocks: [Block], _ body: (Int32, [Double]) -> Void) {
    for block in blocks {
      let features = block.featureValues
      for (row, label) in block.labels.enumerated() {
        body(label, Array(features[row * block.dimension..<(row + 1) * block.dimension]))
      }
    }
  }
}

/// Expects two tables of the same samples to agree up to rounding.
func expectClose(_ first: MomentsTable, _ second: MomentsTable, within tolerance: Double) {
  #expect(first.tokens == second.tokens)
  #expect(first.counts == second.counts)
  func compare(_ a: [Double], _ b: [Double]) {
    let scale = b.map { abs($0) }.max() ?? 0
    #expect(zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * scale })
  }
  compare(first.means.elements, second.means.elements)
  #expect(zip(first.m2, second.m2).allSatisfy { abs($0 - $1) <= tolerance * $1 })
  compare(first.withinScatter?.elements ?? [], second.withinScatter?.elements ?? [])
}

/// Copies a state by its parts, with some attributes changed, or left out where they are nil.
func rewrite(_ path: String, as copy: String, with changes: [String: HDF5Attribute?]) throws {
  let state = try HDF5File(reading: path)
  let file = try HDF5File(writing: copy, for: copy)
  for group in Set(state.datasetPaths().map { $0.split(separator: "/")[0] }) { try file.makeGroup("/" + group) }
  for path in state.datasetPaths() {
    let dataset = try state.dataset(path)
    func copy<Number: BitwiseCopyable>(_ type: HDF5Element, of _: Number.Type) throws {
      try file.makeDataset(path, type, shape: dataset.shape).writeAll(dataset.readAll(type, of: Number.self), type)
    }
    switch dataset.typeName {
    case "int32": try copy(.int32, of: Int32.self)
    case "int64": try copy(.int64, of: Int64.self)
    default: try copy(.float64, of: Double.self)
    }
  }
  for name in state.attributeNames() {
    let value = if let change = changes[name] { change } else { state.attribute(name) }
    if let value { try file.setAttribute(name, value) }
  }
}
