import Support

/// The colours of figures by purpose, so that light and dark pages can each have their own.
///
/// Series use the palette of Okabe and Ito, which is safe for colour-blind readers, darkened or lightened to a contrast
/// of 3 : 1. Steps use viridis, without the end that fades into the page.
struct FigureColour: Hashable, Sendable {
  private let number: Int
  /// The custom property of a page.
  let property: String
  let light: String
  let dark: String

  static let text = Self(number: 3, property: "--figure-text", light: "#3a3f47", dark: "#c8cdd5")
  static let axis = Self(number: 4, property: "--figure-axis", light: "#8b919b", dark: "#727986")
  static let grid = Self(number: 5, property: "--figure-grid", light: "#e7e9ed", dark: "#2b3038")
  static let steps = allSteps.count
  static let all = [text, axis, grid] + allSeries + allSteps

  /// Colours of series repeat after the last.
  static func series(_ index: Int) -> Self { allSeries[index % allSeries.count] }

  /// Steps are clamped to the first and the last.
  static func step(_ index: Int) -> Self { allSteps[min(max(index, 0), steps - 1)] }

  private static let allSeries = [
    ("#0072b2", "#56b4e9"), ("#d55e00", "#f08b3c"), ("#00875f", "#2fc79a"), ("#b0568a", "#dd9cc3"),
    ("#59606b", "#a9b0bb"),
  ].enumerated().map { Self(number: 16 + $0, property: "--series-\($0)", light: $1.0, dark: $1.1) }

  private static let allSteps = [
    ("#440154", "#7d6bc4"), ("#482878", "#5c83c9"), ("#3e4a89", "#3f93b8"), ("#31688e", "#2aa5a0"),
    ("#26828e", "#2fb47c"), ("#1f9e89", "#6ccd5a"), ("#2aa876", "#b4de2c"), ("#4c9f3f", "#fde725"),
  ].enumerated().map { Self(number: 32 + $0, property: "--step-\($0)", light: $1.0, dark: $1.1) }

  /// The colour that stands for it in a script; no other has the same code.
  var code: (red: Int, green: Int, blue: Int) { (1, 2, number) }

  /// The declarations of all properties for one theme.
  static func declarations(_ hexadecimal: (FigureColour) -> String) -> String {
    all.map { "\($0.property):\(hexadecimal($0))" }.joined(separator: ";")
  }
}
