import Testing

@testable import Report

@Suite("Numbers for people")
struct NumberTextTests {
  /// The space that separates thousands.
  private let thin = "\u{202F}"

  @Test("A number has four digits and a minus sign as wide as a plus; an undefined one is a dash")
  func short() {
    let expected: [(Double?, String)] = [
      (0, "0"), (0.25, "0.25"), (1234.56, "1235"), (123_460, "1.235e+05"), (-0.5, "−0.5"), (1e-7, "1e−07"),
      (-1.5e-10, "−1.5e−10"), (nil, "–"), (.infinity, "inf"), (-.infinity, "−inf"),
    ]
    for (number, text) in expected { #expect(NumberText.short(number) == text) }
  }

  @Test("A count has its thousands separated, from the least to the largest")
  func integers() {
    let expected = [
      0: "0", 7: "7", 999: "999", 1000: "1 000", 10_203: "10 203", 1_000_000: "1 000 000", -999: "−999",
      -1000: "−1 000", Int.max: "9 223 372 036 854 775 807", Int.min: "−9 223 372 036 854 775 808",
    ]
    for (count, text) in expected { #expect(NumberText.count(count) == text.replacing(" ", with: thin)) }
  }

  @Test("An invalid count is a short number")
  func counts() {
    #expect(NumberText.count(1_234_567.0) == "1\u{202F}234\u{202F}567")
    #expect(
      NumberText.count(1e300) == "1e+300" && NumberText.count(.infinity) == "inf" && NumberText.count(.nan) == "nan")
    #expect(NumberText.count(-9.3e18) == "−9.3e+18")
  }

  @Test("A share is a percentage with one digit after the point")
  func percent() {
    #expect(NumberText.percent(0.1234) == "12.3\(thin)%" && NumberText.percent(1) == "100.0\(thin)%")
    #expect(NumberText.percent(-0.5) == "−50.0\(thin)%" && NumberText.percent(0) == "0.0\(thin)%")
    #expect(NumberText.percent(nil) == "–")
  }

  @Test("A large number has three digits and a letter for its magnitude")
  func amounts() {
    let expected: [(Double, String)] = [
      (0, "0"), (999, "999"), (1000, "1 k"), (1234, "1.23 k"), (3.4e6, "3.4 M"), (16e6, "16 M"), (124_439_808, "124 M"),
      (7e9, "7 G"), (1.25e12, "1.25 T"), (-2500, "-2.5 k"),
    ]
    for (number, text) in expected { #expect(NumberText.amount(number) == text.replacing(" ", with: thin)) }
  }

  @Test("A number that rounds up to the next magnitude has its letter")
  func roundedUp() {
    let expected: [(Double, String)] = [
      (999.4, "999"), (999.6, "1 k"), (999_400, "999 k"), (999_500, "1 M"), (999_999_999, "1 G"), (999.8e9, "1 T"),
      (-999_999, "-1 M"),
    ]
    for (number, text) in expected { #expect(NumberText.amount(number) == text.replacing(" ", with: thin)) }
  }
}
