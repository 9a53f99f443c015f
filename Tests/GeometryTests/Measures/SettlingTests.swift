import Testing

@testable import Geometry

@Suite("Settling")
struct SettlingTests {
  private let samples: [Double?] = [10, 20, 30, 40]

  private func settling(_ values: [Double?], error: Double?) -> Settling? {
    Settling(Traces.quotient, samples: samples, values: values, errors: [nil, nil, nil, error])
  }

  @Test(
    "The fewest samples from which every later value is within one error of the last",
    arguments: [
      ([5, 2, 1, 1], 20), ([1, 5, 2, 1], 30), ([1, 1, 1, 1], 10), ([5, 5, 5, 1], nil), ([1, 1, 2.5, 1], nil),
      ([1, nil, 1, 1], 30),
    ] as [([Double?], Int?)])
  func fewest(values: [Double?], expected: Int?) throws {
    #expect(try #require(settling(values, error: 1)).samples == expected)
  }

  @Test("An error of 0 asks for equal values; without a last value or an error nothing is known")
  func unknown() throws {
    #expect(try #require(settling([2, 1, 1, 1], error: 0)).samples == 20)
    #expect(settling([1, 1, 1, nil], error: 1) == nil && settling([1, 1, 1, 1], error: nil) == nil)
    #expect(Settling(Traces.quotient, samples: [], values: [], errors: []) == nil)
  }

  @Test("A timeline is read by column: only statistics with a column of errors, and none with a single row")
  func columns() {
    func column(_ name: String) -> [Double?]? {
      ["nc1_quotient": [3, 1], "nc1_quotient_standard_error": [1, 1], "nc1_pinv": [1, 1]][name]
    }
    let found = Settling.all(samples: [1, 2], column: column)
    #expect(found.map(\.entry) == [Traces.quotient] && found.map(\.samples) == [nil])
    #expect(Settling.all(samples: [1], column: column).isEmpty)
  }
}
