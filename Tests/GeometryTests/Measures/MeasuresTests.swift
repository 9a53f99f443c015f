import Testing

@testable import Moments

@Suite("Measures")
struct MeasuresTests {
  @Test("Two classes at ±1, as JSON")
  func json() throws {
    let measures = try MomentsTable(means: [[1, 0], [-1, 0]], m2: [1, 1]).measure()
    #expect(
      measures.json.text == """
        {
         "tokens": 4,
         "classes": 2,
         "dimension": 2,
         "within_trace": 0.5,
         "between_trace": 1.0,
         "nc1_quotient": 0.5,
         "nc1_cdnv": {
          "mean": 0.125,
          "std": 0.0
         },
         "nc1_cdnv_squared": {
          "mean": 0.03125,
          "std": 0.0
         },
         "nc2_norm": {
          "mean": 1.0,
          "std": 0.0,
          "cv": 0.0
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
         "nc2_interference_abs": {
          "mean": 1.0,
          "std": 0.0
         },
         "nc2_max_coherence": -1.0,
         "nc2_nearest_coherence": -1.0,
         "nc2_etf_error": 0.0,
         "gnc2_log": {
          "mean": -0.6931471805599453,
          "std": 0.0
         },
         "gnc2_distance": {
          "mean": 2.0,
          "std": 0.0
         },
         "gnc2_riesz1": {
          "mean": 0.5,
          "std": 0.0
         }
        }

        """)
  }
}
