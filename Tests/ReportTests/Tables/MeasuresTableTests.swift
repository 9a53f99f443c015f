import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

@Suite("Table for a terminal")
struct MeasuresTableTests {
  @Test("Raw and corrected values stand side by side with their errors; a dash and a remark where bias forbids a bar")
  func errors() throws {
    let none = try Measures(
      of: ClassSelection(
        MomentsTable(
          tokens: [0, 1], counts: [2, 2], means: Matrix(rows: 2, columns: 1, elements: [1, -1]), m2: [2, 2],
          withinScatter: nil)))
    let norm = Measurement.overClasses(Equinormness.norm, [1, 3])
    let measures = Measures(
      measurements: [
        .scalar(Traces.quotient, 0.944341, error: 0.00519), .scalar(CorrectedTraces.quotient, 1.52944, error: 0.0134),
        .scalar(VarianceDistanceRatio.corrected, nil, error: 1),
        norm.replacingErrors([.mean: 0.5, .std: 0.25], bias: [.std: 1]),
      ], classes: none.classes, histograms: none.histograms)
    #expect(
      measures.table == """
                                  value or mean       ±  corrected      ±      std  ±        cv  under collapse  remarks
        nc1_quotient                   0.944341  0.0052    1.52944  0.013                        → 0
        nc1_cdnv_ratio_corrected              –                                                  → 0
        nc2_norm                              2     0.5                    1.41421  –  0.707107  cv → 0          bias above 2 errors: std

        """)
  }

  @Test("One line per measurement, five for decisions, columns aligned, no trailing spaces")
  func layout() throws {
    let means = Matrix(rows: 2, columns: 2, elements: [1, 0, -1, 0])
    let none = try Measures(
      of: ClassSelection(MomentsTable(tokens: [0, 1], counts: [2, 2], means: means, m2: [2, 2], withinScatter: nil)))
    let pair = { Pair(squaredDistance: $0, variances: 0, cosine: 0, chord: 0) }
    let tally = PairAccumulator([pair(0.5), pair(1.5), pair(.infinity)]) { $0.squaredDistance }
    var decisions = Decisions()
    decisions.add(labels: [0, 0, 1, 1], model: [0, 1, 1, 1], nearest: [0, 0, 1, 1])
    let measures = Measures(
      measurements: [
        Measurement(Sizes.samples, .count(12)), .scalar(SpectralVariability.whole, nil),
        Measurement(
          ClassDistanceNormalizedVariance.entry,
          .overPairs(PairSummary(tally, zeroNorms: 0))),
        .overClasses(Equinormness.norm, [1, 3, nil]),
        Measurement(ClassifierAgreement.entry, .overSamples(decisions.totals(of: nil))),
      ], classes: none.classes, histograms: none.histograms)
    #expect(
      measures.table == """
                          value or mean      std        cv  under collapse  remarks
        tokens                       12
        nc1_pinv                      –                     → 0
        nc1_cdnv                      1      0.5            → 0             infinite pairs: 1
        nc2_norm                      2  1.41421  0.707107  cv → 0          zero norms: 1
        nc4_samples                   4
        nc4_hits                      3
        nc4_agreement              0.75                     → 1
        nc4_accuracy               0.75
        nc4_ncc_accuracy              1

        """)
  }
}
