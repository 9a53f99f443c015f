import Testing

@testable import Geometry
@testable import Moments
@testable import Samples
@testable import Support

@Suite("Degenerate cases")
struct DegenerateCasesTests {
  /// Names of cases, and moments with hardly anything to compare.
  static let cases: [(name: String, table: MomentsTable)] = [
    ("one class", .init(means: [[1, 2]], m2: [3], counts: [4], withinScatter: [[2, 0], [0, 1]])),
    ("one sample", .init(means: [[1, 2]], m2: [0], counts: [1], withinScatter: [[0, 0], [0, 0]])),
    ("two classes", .init(means: [[1, 2], [3, 1]], m2: [3, 1], withinScatter: [[3, 0], [0, 1]])),
    ("equal means", .init(means: [[1, 2], [1, 2]], m2: [3, 1], withinScatter: [[3, 0], [0, 1]])),
    (
      "one sample each",
      .init(means: [[1, 0], [0, 1], [3, 3]], m2: [0, 0, 0], counts: [1, 1, 1], withinScatter: [[0, 0], [0, 0]])
    ),
    (
      "one sample each, no scatter", .init(means: [[1, 0], [0, 1], [3, 3]], m2: [0, 0, 0], counts: [1, 1, 1])
    ),
    ("zero variance", .init(means: [[1, 0], [0, 1], [3, 3]], m2: [0, 0, 0], withinScatter: [[0, 0], [0, 0]])),
    ("one feature", .init(means: [[1], [2], [4]], m2: [1, 2, 3], withinScatter: [[6]])),
    ("one feature, one sample each", .init(means: [[1], [2]], m2: [0, 0], counts: [1, 1], withinScatter: [[0]])),
    ("zero features", .init(means: [[0, 0], [0, 0]], m2: [0, 0], withinScatter: [[0, 0], [0, 0]])),
    (
      "many single samples",
      .init(
        means: [[1, 0], [0, 1], [3, 3], [2, 0]], m2: [0, 0, 0, 1], counts: [1, 1, 1, 2],
        withinScatter: [[1, 0], [0, 0]])
    ),
  ]

  private func measures(_ table: MomentsTable, _ filter: ClassFilter = ClassFilter()) throws -> Measures {
    var options = GeometryOptions()
    options.hasSpectra = true
    options.hasRieszEnergy = true
    let selection = try ClassSelection(table, filter)
    let head = Matrix.random(selection.tokens.count, table.dimension, seed: 4)
    return try Measures(
      of: selection, classifier: head, wholeHead: try MatrixProducts.gram(head, threads: 1),
      decisions: Decisions(classes: [:], confusion: [:], otherPairs: 0),
      outOfDistribution: OutOfDistributionMean(table), minCounts: MinCountMeasures.standard, options: options)
  }

  @Test("Every number is finite, or null with a reason; nothing is NaN", arguments: cases.indices)
  func reasons(place: Int) throws {
    let (name, table) = Self.cases[place]
    let measures = try measures(table)
    for measurement in measures.measurements {
      for part in measurement.entry.shape.parts {
        #expect(measurement.number(part)?.isFinite ?? true, "\(name): \(measurement.id)")
        #expect(measurement.errors[part]?.isFinite ?? true, "\(name): the error of \(measurement.id)")
      }
    }
    let undefined = measures.measurements.filter(\.isUndefined).map(\.id)
    let remarks = measures.remarks.filter { $0.topic == .undefined }.map(\.text)
    for id in undefined {
      #expect(
        remarks.contains { $0.split(separator: " is ")[0].split(separator: " are ")[0].contains(id) }, "\(name): \(id)")
    }
    let json = measures.json.text.lowercased()
    #expect(!json.contains("nan") && !json.contains("inf,"), "\(name)")
  }

  @Test("One sample each: the geometry of means has values, and nothing that needs variances has one")
  func singleSamples() throws {
    let table = MomentsTable(
      means: [[1, 0], [0, 1], [3, 3]], m2: [0, 0, 0], counts: [1, 1, 1], withinScatter: [[0, 0], [0, 0]])
    let found = try measures(table)
    let reason = "no class has two samples, so nothing is known about variation within classes"
    for id in [
      "within_trace", "noise_share", "within_trace_corrected", "between_trace_corrected", "nc1_quotient",
      "nc1_quotient_corrected", "nc1_cdnv_ratio", "nc1_cdnv_ratio_corrected", "nc1_pinv", "nc1_svd", "nc1_cdnv",
      "nc1_cdnv_squared", "nc2_norm_squared_corrected", "lidar",
    ] {
      let measurement = try #require(found[id], "\(id)")
      #expect(measurement.isUndefined && measurement.reason == reason, "\(id)")
    }
    // The same means with two samples each have the same geometry.
    let repeated = try measures(
      MomentsTable(means: [[1, 0], [0, 1], [3, 3]], m2: [0, 0, 0], withinScatter: [[0, 0], [0, 0]]))
    for id in [
      "between_trace", "nc2_norm", "nc2_interference", "nc2_etf_error", "gnc2_log", "gnc2_distance", "nc3_cosine",
      "nc3_dual_error", "head_etf_error", "nc5_ood_deviation", "between_condition",
    ] {
      #expect(try #require(found[id]).value == #require(repeated[id]).value, "\(id)")
    }
    #expect(found.classes[.meanCDNV]?.numbers.allSatisfy { $0 == nil } == true)
    #expect(found.remarks.first?.topic == .singleSamples)
  }

  @Test("Zero variance over classes of two samples is collapse: the statistics of variability are 0")
  func zeroVariance() throws {
    let table = MomentsTable(means: [[1, 0], [0, 1], [3, 3]], m2: [0, 0, 0], withinScatter: [[0, 0], [0, 0]])
    let found = try measures(table)
    for id in ["within_trace", "noise_share", "nc1_quotient", "nc1_quotient_corrected", "nc1_cdnv_ratio", "nc1_pinv"] {
      #expect(try found.scalar(id) == 0, "\(id)")
    }
    #expect(try found.pairs("nc1_cdnv").mean == 0)
  }

  @Test("Selected classes of one sample keep what is of all samples, and correct the noise with the typical spread")
  func selected() throws {
    let table = MomentsTable(
      means: [[1, 0], [-1, 0], [5, 5]], m2: [0, 0, 6], counts: [1, 1, 4], withinScatter: [[3, 0], [0, 3]])
    let found = try measures(table, ClassFilter(maxCount: 1))
    #expect(try found.scalar("within_trace") == 1)
    #expect(try found.scalar("nc1_quotient") == 1)
    // e = s̄² = 6/3 for both, and (1 − 1/2)·2 of tr Σ_B = 1 is noise.
    #expect(try found.scalar("noise_share") == 1)
    for id in ["selected_within_trace", "selected_within_trace_corrected", "nc1_cdnv", "nc1_cdnv_ratio"] {
      let measurement = try #require(found[id])
      #expect(measurement.isUndefined, "\(id)")
      #expect(
        measurement.reason == "no measured class has two samples, so nothing is known about variation within them")
    }
    let others = found.remarks.first { $0.topic == .otherSamples }?.text
    #expect(others?.contains("and the spectra but those of Σ_B and the head use Σ_W of all 6 samples") == true)
  }
}
