import Foundation

/// Numbers formatted for people.
enum NumberText {
  /// Four significant digits; a dash for undefined values.
  static func short(_ number: Double?) -> String {
    guard let number else { return "–" }
    return signed(String(format: "%.4g", number))
  }

  /// A standard error, in two digits.
  static func error(_ error: Double) -> String { signed(String(format: "%.2g", error)) }

  /// A count, with thousands separated.
  static func count(_ count: Int) -> String {
    var digits = String(count.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (count < 0 ? "−" : "") + ([digits] + groups).joined(separator: "\u{202F}")
  }

  /// A count read from a file as a number, which need not be an integer.
  static func count(_ number: Double) -> String {
    Int(exactly: number.rounded()).map { count($0) } ?? short(number)
  }

  /// A share in per cent, with one decimal.
  static func percent(_ share: Double?) -> String {
    share.map { signed(String(format: "%.1f", $0 * 100)) + "\u{202F}%" } ?? "–"
  }

  /// A large number in three digits and a letter: 3.4 M.
  static func amount(_ number: Double) -> String {
    // Numbers that round up to a unit in three digits get its letter: 999.5 M is 1 G.
    for (unit, letter) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] where abs(number) >= 0.9995 * unit {
      return String(format: "%.3g", number / unit) + "\u{202F}" + letter
    }
    return String(format: "%.3g", number)
  }

  /// With a minus sign as wide as a plus.
  private static func signed(_ text: String) -> String { text.replacingOccurrences(of: "-", with: "−") }
}
