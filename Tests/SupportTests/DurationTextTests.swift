import Testing

@testable import Support

@Suite("Durations")
struct DurationTextTests {
  @Test(
    "Numbers with units, as people write them",
    arguments: [
      ("10s", 10.0), ("5min", 300), ("1.5 h", 5400), ("90s", 90), ("0.1s", 0.1), ("2 Minutes", 120),
    ])
  func good(text: String, seconds: Double) { #expect(DurationText.parse(text) == .seconds(seconds)) }

  @Test(
    "Anything else is not a duration",
    arguments: ["", "s", "-1s", "0", "90", "1.5", "1y", "inf", "nan", "1e99h", "10 s s"])
  func bad(text: String) { #expect(DurationText.parse(text) == nil) }
}
