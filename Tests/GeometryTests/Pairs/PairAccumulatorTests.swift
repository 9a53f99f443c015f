import Testing

@testable import Geometry

@Suite("Tallies of pairs")
struct PairAccumulatorTests {
  private func pairs(_ values: [Double]) -> [Pair] {
    values.map { Pair(squaredDistance: $0, variances: 0, cosine: 0, chord: 0) }
  }

  @Test("Infinite and missing values are counted, the others averaged")
  func sorting() {
    let accumulator = PairAccumulator(pairs([1, .infinity, 3, .nan, -.infinity])) { $0.squaredDistance }
    #expect(accumulator.spread == RunningVariance([1, 3]))
    #expect(accumulator.infinitePairs == 2)
    #expect(accumulator.undefinedPairs == 1)
  }

  @Test("Merging adds up")
  func merging() {
    var accumulator = PairAccumulator(pairs([1, .infinity])) { $0.squaredDistance }
    accumulator.merge(PairAccumulator(pairs([3, .nan])) { $0.squaredDistance })
    #expect(accumulator == PairAccumulator(pairs([1, .infinity, 3, .nan])) { $0.squaredDistance })
  }

  /// The tally of a sample in batches.
  private func sample(_ batches: [Double]...) -> PairAccumulator {
    batches.reduce(into: PairAccumulator()) { $0.add(batch: PairAccumulator(RunningVariance($1))) }
  }

  @Test("The error of a sample's mean is s/√n; that of its deviation is the variances' error over twice the deviation")
  func errors() throws {
    // 0, 2, 0, 4 have mean 1.5 and squares 11 about it; the batches' variances are 1 and 4.
    let errors = sample([0, 2], [0, 4]).errors
    #expect(deviation(errors.mean, (11.0 / 3).squareRoot() / 2) < 1e-15)
    #expect(deviation(errors.std, 1.5 / (2 * (11.0 / 4).squareRoot())) < 1e-15)
    // Batches with equal variances, even 0, give no error.
    #expect(sample([5, 5], [7, 7]).errors.std == 0)
  }

  @Test("One batch has no error of the deviation, one pair none of the mean; equal pairs have neither")
  func few() {
    #expect(sample([1, 3]).errors == (1, nil) && sample([2]).errors == (nil, nil))
    #expect(sample([2], [2]).errors == (0, nil) && PairAccumulator(RunningVariance([1, 3])).errors == (nil, nil))
    var infinite = PairAccumulator()
    infinite.add(batch: PairAccumulator(pairs([.infinity, .nan])) { $0.squaredDistance })
    #expect(infinite.errors == (nil, nil) && infinite.infinitePairs == 1 && infinite.undefinedPairs == 1)
  }
}
