import Testing

@testable import Geometry

@Suite("Standard errors of a sample of pairs")
struct PairSampleTests {
  private let statistics: [any PairStatistic] = [ClassDistanceNormalizedVariance(), AngularDistance()]

  private func tally(_ values: [Double]) -> PairTally { PairTally(Spread(values)) }

  @Test("s/√n of the mean; of the deviation, the variances' error over twice the deviation")
  func byHand() throws {
    var sample = PairSample(statistics)
    sample.add([tally([0, 2]), tally([5, 5])])
    sample.add([tally([0, 4]), tally([7, 7])])
    #expect(sample.pairs == 4)
    // 0, 2, 0, 4 have mean 1.5 and squares 11 about it; the batches' variances are 1 and 4.
    let errors = sample.errors(of: "nc1_cdnv", tally([0, 2, 0, 4]))
    #expect(deviation(errors.mean, (11.0 / 3).squareRoot() / 2) < 1e-15)
    #expect(deviation(errors.std, 1.5 / (2 * (11.0 / 4).squareRoot())) < 1e-15)
    // Variances of the batches that are the same, be they 0, tell no difference.
    #expect(sample.errors(of: "gnc2_distance", tally([5, 5, 7, 7])).std == 0)
  }

  @Test("Pairs without a finite value were drawn too")
  func counted() {
    let pair = Pair(squaredDistance: 0, variances: 1, cosine: .nan, chord: .nan)
    var sample = PairSample(statistics)
    sample.add([PairTally([pair, pair], { _ in .infinity }), PairTally([pair, pair], \.chord)])
    sample.add([PairTally([pair], \.cosine), PairTally([pair], \.chord)])
    #expect(sample.pairs == 3)
    #expect(sample.batchVariances["nc1_cdnv"]?.count == 0)
    #expect(sample.errors(of: "nc1_cdnv", PairTally()) == (nil, nil))
  }

  @Test("One batch has no error of the deviation, one pair none of the mean; nor have pairs that are all the same")
  func few() {
    var sample = PairSample(statistics)
    sample.add([tally([1, 3]), tally([2])])
    #expect(sample.errors(of: "nc1_cdnv", tally([1, 3])) == (1, nil))
    #expect(sample.errors(of: "gnc2_distance", tally([2])) == (nil, nil))
    sample.add([tally([1, 3]), tally([2])])
    #expect(sample.errors(of: "gnc2_distance", tally([2, 2])) == (0, nil))
    #expect(sample.errors(of: "nc3_cosine", tally([1, 3])) == (1, nil))
  }
}
