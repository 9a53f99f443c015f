import CollapseKernels
import TestSupport
import Testing

@testable import Moments
@testable import Samples
@testable import Support

#if arch(x86_64)
  /// Wide enough to be the reference for doubles.
  typealias Wide = Float80
#else
  typealias Wide = Double
#endif

extension ClassSamples {
  /// Compares one pass with two passes over the stored features.
  func expectMoments(_ scalar: ScalarType, within tolerance: Double) throws {
    let table = try moments(scalar, moments: .diagonal).table
    let truth = TwoPass(blocks(scalar))
    #expect(table.tokens == truth.tokens)
    #expect(table.counts == truth.tokens.map { truth.counts[$0] ?? 0 })
    let size = features.map(abs).max() ?? 0
    var worst = (mean: 0.0, m2: 0.0, diagonal: 0.0, scatter: 0.0)
    for (row, token) in table.tokens.enumerated() {
      for (found, expected) in zip(table.means[row: row], truth.means[token] ?? []) {
        worst.mean = max(worst.mean, abs(Double(Wide(found) - expected)) / size)
      }
      let diagonal = try #require(table.diagonal)
      for (found, expected) in zip(diagonal[row: row], truth.diagonals[token] ?? []) {
        #expect(expected > 0 || found == 0)
        if expected > 0 { worst.diagonal = max(worst.diagonal, abs(Double((Wide(found) - expected) / expected))) }
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
    #expect(worst.diagonal <= 10 * tolerance)
    #expect(worst.scatter <= tolerance)
  }
}

/// Means first, deviations second.
private struct TwoPass {
  var counts: [Int32: Int] = [:]
  var means: [Int32: [Wide]] = [:]
  var m2: [Int32: Wide] = [:]
  var diagonals: [Int32: [Wide]] = [:]
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
      for feature in 0..<d {
        diagonals[label, default: Array(repeating: 0, count: d)][feature] += residual[feature] * residual[feature]
      }
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
