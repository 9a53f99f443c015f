import Foundation
import TestSupport
import Testing

@testable import Formats
@testable import Samples

@Suite("Summary of a stream")
struct StreamSummaryTests {
  @Test("Rows add up, and each storage type is listed once, in order of appearance")
  func notes() {
    var summary = StreamSummary()
    for (rows, scalar) in [(2, ScalarType.float32), (1, .float16), (3, .float32), (4, .bfloat16)] {
      summary.note(block([Int32](repeating: 1, count: rows), [[Float]](repeating: [1, 2], count: rows), scalar))
    }
    #expect(summary.rows == 10 && summary.scalars == [.float32, .float16, .bfloat16])
    summary.digest = "ff"
    #expect(summary.samples == "ff, 10 of float32, float16, bfloat16")
  }

  @Test("Writing and reading it keeps it the same")
  func coded() throws {
    var summary = StreamSummary()
    summary.sources = [.init(name: "a.npy", bytes: 5, rows: 2), .init(name: "-", bytes: 0, rows: 1)]
    (summary.rows, summary.skipped, summary.digest, summary.notes) = (3, 1, "ff", ["slow"])
    summary.scalars = [.float64]
    let read = try JSONDecoder().decode(StreamSummary.self, from: JSONEncoder().encode(summary))
    #expect(read == summary)
  }
}
