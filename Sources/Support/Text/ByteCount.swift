import Foundation

/// Sizes in bytes as people write them.
package enum ByteCount {
  private static let units: [String: Int] = [
    "b": 1, "k": 1 << 10, "kb": 1000, "kib": 1 << 10, "m": 1 << 20, "mb": 1_000_000, "mib": 1 << 20,
    "g": 1 << 30, "gb": 1_000_000_000, "gib": 1 << 30, "t": 1 << 40, "tb": 1_000_000_000_000, "tib": 1 << 40,
  ]

  /// Parses `4GiB`, `512M` or `1.5e9B` into bytes; nil for anything else. An amount without a unit may mean bytes to one
  /// reader and MiB to another.
  ///
  /// - Parameter plain: the unit of an amount without one, if the reader is sure of it.
  package static func parse(_ text: String, plain: String? = nil) -> Int? {
    let unit = text.reversed().prefix { $0.isLetter && $0.isASCII }.reversed()
    let digits = text.dropLast(unit.count).trimmingCharacters(in: .whitespaces)
    guard let scale = units[unit.isEmpty ? plain ?? "" : String(unit).lowercased()], let number = Double(digits),
      number * Double(scale) >= 1, number * Double(scale) < 0x1p62
    else { return nil }
    return Int(number * Double(scale))
  }

  /// Formats bytes in a fitting unit: `3.2 GiB`.
  package static func describe(_ bytes: Int) -> String {
    var (amount, unit) = (Double(bytes), "B")
    for next in ["KiB", "MiB", "GiB", "TiB"] where amount >= 1024 { (amount, unit) = (amount / 1024, next) }
    return unit == "B" ? "\(bytes) B" : String(format: "%.1f %@", amount, unit)
  }
}
