import Moments
import Samples
import Support
import Testing

extension ClassSamples {
  /// The moments of the rows, stored as `scalar`.
  package func moments(
    _ scalar: ScalarType, within: WithinScatter = .pooled, moments: SecondMoments = .trace,
    workers: WorkerThreads = WorkerThreads(1), limit: ResidentLimit? = nil
  ) throws -> ClassMoments {
    let moments = ClassMoments(
      dimension: dimension, within: within, moments: moments, workers: workers, limit: limit)
    for block in blocks(scalar) { try moments.fold(block) }
    return moments
  }
}

/// Expects two tables of the same samples to agree up to rounding.
package func expectClose(
  _ first: MomentsTable, _ second: MomentsTable, within tolerance: Double,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(first.tokens == second.tokens, sourceLocation: sourceLocation)
  #expect(first.counts == second.counts, sourceLocation: sourceLocation)
  func compare(_ a: [Double], _ b: [Double]) {
    let scale = b.map { abs($0) }.max() ?? 0
    #expect(zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * scale }, sourceLocation: sourceLocation)
  }
  compare(first.means.elements, second.means.elements)
  #expect(zip(first.m2, second.m2).allSatisfy { abs($0 - $1) <= tolerance * $1 }, sourceLocation: sourceLocation)
  let (one, other) = (first.diagonal?.elements ?? [], second.diagonal?.elements ?? [])
  #expect(one.count == other.count, sourceLocation: sourceLocation)
  #expect(zip(one, other).allSatisfy { abs($0 - $1) <= tolerance * $1 }, sourceLocation: sourceLocation)
  compare(first.withinScatter?.elements ?? [], second.withinScatter?.elements ?? [])
}
