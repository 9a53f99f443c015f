import TestSupport
import Testing

@testable import Report

@Suite("Octaves of frequency")
struct FrequencyBandsTests {
  @Test("Classes are grouped by octave, 1, 2–3, 4–7 and so on; empty octaves are left out")
  func octaves() {
    let bands = FrequencyBands([4, 1, 3, 8, 2, 7, 1, 64, 127, 128]).bands
    #expect(bands.map(\.lower) == [1, 2, 4, 8, 64, 128])
    #expect(bands.map(\.upper) == [1, 3, 7, 15, 127, 255])
    #expect(bands.map(\.classes) == [[1, 6], [2, 4], [0, 5], [3], [7, 8], [9]])
    #expect(bands[0].middle == 1 && bands[1].middle == (6.0).squareRoot() && bands[2].middle == (28.0).squareRoot())
  }

  @Test("A count that is missing, zero or impossible is in no band")
  func none() {
    #expect(FrequencyBands([nil, 0, 0.5, -4, .infinity, .nan, 0x1p62, 1e300]).bands.isEmpty)
    let largest = FrequencyBands([0x1p61, 3.5]).bands
    #expect(largest.map(\.lower) == [2, 1 << 61] && largest.map(\.upper) == [3, (1 << 62) - 1])
  }

  @Test("Quartiles are interpolated linearly between neighbours, as in NumPy")
  func quartiles() throws {
    // numpy.percentile(…, [25, 50, 75])
    let expected: [([Double], [Double])] = [
      ([4, 1, 3, 2], [1.75, 2.5, 3.25]), ([7], [7, 7, 7]), ([2, 1], [1.25, 1.5, 1.75]), ([3, 1, 2, 10, 5], [2, 3, 5]),
      ([0, 0, 0, 8, 16, 0], [0, 0, 6]),
    ]
    for (numbers, truth) in expected {
      let found = try #require(Quartiles(numbers))
      #expect([found.lower, found.median, found.upper] == truth, "\(numbers)")
    }
    #expect(Quartiles([]) == nil)
  }

  @Test("A quarter of many numbers is below the first quartile, and a quarter above the last")
  func shares() throws {
    var generator = SeededGenerator(1)
    for count in [101, 102, 103, 104] {
      let numbers = (0..<count).map { _ in generator.normal() }
      let found = try #require(Quartiles(numbers))
      for (bound, share) in [(found.lower, 0.25), (found.median, 0.5), (found.upper, 0.75)] {
        let place = share * Double(count - 1)
        #expect(numbers.count { $0 < bound } == Int(place.rounded(.up)))
      }
    }
  }
}
