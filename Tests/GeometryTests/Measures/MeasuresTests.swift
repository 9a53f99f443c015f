import Testing

@testable import Geometry
@testable import Moments

@Suite("Measures")
struct MeasuresTests {
  @Test("Two classes at ±1, as JSON: a number, a count, and statistics over pairs and over classes")
  func json() throws {
    let measured = try MomentsTable(means: [[1, 0], [-1, 0]], m2: [1, 1]).measure()
    let ids = ["tokens", "nc1_quotient", "nc1_cdnv", "nc2_log_norm", "nc2_interference"]
    let measures = Measures(
      measurements: measured.measurements.filter { ids.contains($0.id) }, classes: measured.classes,
      histograms: measured.histograms, remarks: [.undefined(ids: ["a"], reason: "x")])
    #expect(
      measures.json.text == """
        {
         "tokens": 4,
         "nc1_quotient": 0.5,
         "nc1_cdnv": {
          "mean": 0.125,
          "std": 0.0
         },
         "nc2_log_norm": {
          "mean": 0.0,
          "std": 0.0,
          "cv": null
         },
         "nc2_interference": {
          "mean": -1.0,
          "std": 0.0
         },
         "remarks": [
          {
           "id": "undefined",
           "text": "a is undefined (null): x"
          }
         ]
        }

        """)
  }

  @Test("Two classes at ±1 have these values")
  func values() throws {
    let measures = try MomentsTable(means: [[1, 0], [-1, 0]], m2: [1, 1]).measure()
    #expect(try measures.scalar("within_trace") == 0.5 && measures.scalar("between_trace") == 1)
    #expect(try measures.scalar("nc2_max_coherence") == -1 && measures.scalar("nc2_nearest_coherence") == -1)
    #expect(try measures.scalar("nc2_etf_error") == 0 && measures.classes("nc2_norm").cv == 0)
    let means = [
      "nc1_cdnv_squared": 0.03125, "nc2_interference_abs": 1, "gnc2_log": -0.6931471805599453, "gnc2_distance": 2,
      "gnc2_riesz1": 0.5,
    ]
    for (id, mean) in means { #expect(try measures.pairs(id).mean == mean, "\(id)") }
  }
}
