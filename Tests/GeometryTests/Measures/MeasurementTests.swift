import Testing

@testable import Geometry
@testable import Moments

@Suite("Measurements")
struct MeasurementTests {
  @Test("A number that is not finite is undefined, and null")
  func undefined() {
    for value in [nil, Double.nan, .infinity] {
      #expect(Measurement.scalar(Traces.quotient, value).value == .scalar(nil))
      #expect(Measurement.scalar(Traces.quotient, value).json == .null)
    }
  }

  @Test("As columns of a table, numbers have the name of their statistic and of their part")
  func numbers() throws {
    let measures = try MomentsTable(means: [[1, 0], [-1, 0]], m2: [1, 1]).measure()
    let names = ["tokens", "nc1_quotient", "nc1_cdnv", "nc2_norm"].compactMap { measures[$0]?.numbers.map(\.name) }
    #expect(
      names == [
        ["tokens"], ["nc1_quotient"], ["nc1_cdnv_mean", "nc1_cdnv_std"],
        ["nc2_norm_mean", "nc2_norm_std", "nc2_norm_cv"],
      ])
    #expect(measures["nc1_cdnv"]?.numbers.map(\.value) == [0.125, 0])
  }

  @Test("A bar is the standard error, unless the bias exceeds two of it")
  func bars() {
    let norm = Measurement.overClasses(Equinormness.norm, [1, 2, 4])
    #expect(norm.bar(.mean) == nil && !norm.isBiased(.mean))
    let replaced = norm.replacingErrors([.mean: 0.5, .std: 0.25, .cv: 0.125], bias: [.mean: -1, .std: 0.51])
    #expect(replaced.bar(.mean) == 0.5 && replaced.bar(.std) == nil && replaced.bar(.cv) == 0.125)
    #expect(replaced.isBiased(.std) && !replaced.isBiased(.mean))
  }

  @Test("Errors mirror the statistics: a number for a scalar, parts for a mean, the agreement for decisions")
  func errors() throws {
    let quotient = Measurement.scalar(Traces.quotient, 2, error: 0.5).replacingErrors([.value: 0.25], bias: [.value: 1])
    let norm = Measurement.overClasses(Equinormness.norm, [1, 2, 4]).replacingErrors([.cv: 0.125], bias: [:])
    var decisions = Decisions()
    decisions.add(labels: [0], model: [0], nearest: [0])
    let agreement = Measurement(ClassifierAgreement.entry, .overSamples(decisions.totals(of: nil)))
      .replacingErrors([.value: 0.75], bias: [:])
    let all = [Measurement(Sizes.samples, .count(3)), quotient, norm, agreement].json
    #expect(
      all["standard_errors"]?.line == #"{"nc1_quotient": 0.25, "nc2_norm": {"cv": 0.125}, "nc4": {"agreement": 0.75}}"#)
    #expect(all["jackknife_bias"]?.line == #"{"nc1_quotient": 1.0}"#)
    #expect(all["analytic_errors"]?.line == #"{"nc1_quotient": 0.5}"#)
    let recorded = RecordedCertainty(all)
    #expect(recorded.bar(["nc1_quotient"]) == nil && recorded.number(.errors, ["nc1_quotient"]) == 0.25)
    #expect(recorded.bar(Equinormness.norm.path(.cv)) == 0.125 && recorded.bar(Equinormness.norm.path(.std)) == nil)
    #expect(recorded.bar(ClassifierAgreement.entry.path(.value)) == 0.75)
    #expect([Measurement(Sizes.samples, .count(3))].json.line == #"{"tokens": 3}"#)
  }

  @Test("Counts are written as they are")
  func others() {
    #expect(Measurement(Sizes.samples, .count(3)).json == .integer(3))
  }
}
