import Support

/// The colours of figures by what they are for, so that a light and a dark page can each have their own.
///
/// Series are those of Okabe and Ito, which colour-blind people tell apart, darkened or lightened until they stand out
/// from the page at 3 : 1; steps are of viridis, without the end that the page would swallow.
enum FigureColour: Hashable, Sendable {
  case text
  case axis
  case grid
  case series(Int)
  case step(Int)

  static let seriesCount = 5
  static let steps = 8

  static let all = [text, axis, grid] + (0..<seriesCount).map(series) + (0..<steps).map(step)

  /// The colour that stands for it in a script: one that nothing else has.
  var code: (red: Int, green: Int, blue: Int) { (1, 2, number) }

  private var number: Int {
    switch self {
    case .text: 3
    case .axis: 4
    case .grid: 5
    case .series(let index): 16 + index % Self.seriesCount
    case .step(let index): 32 + min(max(index, 0), Self.steps - 1)
    }
  }

  /// The custom property of a page.
  var property: String {
    switch self {
    case .text: "--figure-text"
    case .axis: "--figure-axis"
    case .grid: "--figure-grid"
    case .series(let index): "--series-\(index % Self.seriesCount)"
    case .step(let index): "--step-\(min(max(index, 0), Self.steps - 1))"
    }
  }

  var light: String { Self.hexadecimal(of: self, "#3a3f47", "#8b919b", "#e7e9ed", Self.lightSeries, Self.lightSteps) }
  var dark: String { Self.hexadecimal(of: self, "#c8cdd5", "#727986", "#2b3038", Self.darkSeries, Self.darkSteps) }

  private static func hexadecimal(
    of colour: FigureColour, _ text: String, _ axis: String, _ grid: String, _ series: [String], _ steps: [String]
  ) -> String {
    switch colour {
    case .text: text
    case .axis: axis
    case .grid: grid
    case .series(let index): series[index % seriesCount]
    case .step(let index): steps[min(max(index, 0), Self.steps - 1)]
    }
  }

  private static let lightSeries = ["#0072b2", "#d55e00", "#00875f", "#b0568a", "#59606b"]
  private static let darkSeries = ["#56b4e9", "#f08b3c", "#2fc79a", "#dd9cc3", "#a9b0bb"]
  private static let lightSteps = [
    "#440154", "#482878", "#3e4a89", "#31688e", "#26828e", "#1f9e89", "#2aa876", "#4c9f3f",
  ]
  private static let darkSteps = [
    "#7d6bc4", "#5c83c9", "#3f93b8", "#2aa5a0", "#2fb47c", "#6ccd5a", "#b4de2c", "#fde725",
  ]

  /// The declarations of all properties for one theme.
  static func declarations(_ hexadecimal: (FigureColour) -> String) -> String {
    all.map { "\($0.property):\(hexadecimal($0))" }.joined(separator: ";")
  }
}
