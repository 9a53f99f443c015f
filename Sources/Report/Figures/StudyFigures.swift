import Foundation
import Study
import Support

/// Each property of a study against its target, one point per model, coloured by model size.
struct StudyFigures {
  private let study: JSONValue
  private let models: [String]
  private let target: (name: String, values: [Double?])
  private let sizes: [Double?]

  init(_ study: JSONValue) {
    self.study = study
    models = (study["models"]?.elements ?? []).map { $0.string ?? "" }
    target = (
      study["target"]?["name"]?.string ?? "target", (study["target"]?["values"]?.elements ?? []).map(\.double)
    )
    let columns = study["columns"]
    sizes = ((columns?["n_params"] ?? columns?["parameters"])?.elements ?? []).map(\.double)
  }

  var all: [Figure] {
    (study["properties"]?.elements ?? []).enumerated().compactMap { figure($1, number: $0 + 1) }
  }

  private func figure(_ property: JSONValue, number: Int) -> Figure? {
    let name = property["name"]?.string ?? "property \(number)"
    let values = (property["values"]?.elements ?? []).map(\.double)
    guard values.count == target.values.count, values.contains(where: { $0 != nil }) else { return nil }
    let readings = Self.readings(property, values)
    let hasBars = readings.contains { $0.bar != nil }
    let sizes = values.indices.map { row in row < self.sizes.count ? self.sizes[row] : nil }
    let steps = Self.steps(sizes)
    let isScaled = steps.contains { $0 != nil }
    let data = FigureData(
      [
        ("property", values), ("target", target.values), ("n_params", sizes),
        ("colour_step", steps.map { $0.map(Double.init) ?? -1 }),
      ] + (hasBars ? [("low", readings.map(\.low)), ("high", readings.map(\.high))] : []),
      names: models.count == values.count ? ("model", models) : nil)
    let used = Set(steps.map { $0 ?? -1 }).sorted()
    let bars = Figure.Layer(shape: .spans(y: "target", low: "low", high: "high"), colour: .axis)
    let layers =
      (hasBars ? [bars] : [])
      + used.map { step in
        Figure.Layer(
          shape: .someOf(x: "property", y: "target", column: "colour_step", value: step),
          colour: step < 0 ? .series(0) : .step(step))
      }
    let isLogarithmic = Self.isLogarithmic(values)
    let r2 = property.double("r2")
    let isComparable = r2 != nil && isLogarithmic && study["weights"] == nil
    let logarithmic = isComparable ? Self.logarithmic(values, target.values) : nil
    let known = self.sizes.compactMap { $0 }
    return Figure(
      name: String(format: "property_%02d", number), title: name,
      finding: finding(property, name, r2, logarithmic) + Self.note(readings, known: property["error_bars"] != nil),
      x: .init(label: property["expression"]?.string ?? name, isLogarithmic: isLogarithmic),
      y: .init(label: target.name, isLogarithmic: Self.isLogarithmic(target.values)), data: data, layers: layers,
      scale: isScaled
        ? .init(
          low: NumberText.amount(known.min() ?? 0), high: NumberText.amount(known.max() ?? 0), label: "parameters")
        : nil,
      corner: Self.corner(r2, logarithmic))
  }

  /// The values with their error bars. A bar that a logarithmic axis cannot show is left out.
  private static func readings(_ property: JSONValue, _ values: [Double?]) -> [Reading] {
    let bars = (property["error_bars"]?.elements ?? []).map(\.double)
    let isLogarithmic = isLogarithmic(values)
    return values.enumerated().map { row, value in
      let bar = row < bars.count ? bars[row] : nil
      let isShown = value.map { value in bar.map { !isLogarithmic || value > $0 } ?? false } ?? false
      return Reading(value, bar: isShown ? bar : nil)
    }
  }

  private static func note(_ readings: [Reading], known: Bool) -> String {
    let some = readings.contains { $0.bar != nil }
    let missing = readings.count { $0.value != nil && $0.bar == nil }
    guard known, some else { return "" }
    return " " + ErrorBars.note(true, leftOut: [])
      + (missing == 0
        ? "" : " \(missing) of \(readings.count) models have none: no error is known, or the bias exceeds two of it.")
  }

  /// Whether the values are positive and span more than a factor of ten. For the paper's models this holds for CDNV,
  /// which spans three decades, and for the count of agreeing classifiers.
  private static func isLogarithmic(_ values: [Double?]) -> Bool {
    let known = values.compactMap { $0 }.filter(\.isFinite)
    guard let least = known.min(), let largest = known.max(), least > 0 else { return false }
    return largest > 10 * least
  }

  /// R² of the target's least-squares line over the logarithm of positive values; nil if undefined.
  static func logarithmic(_ values: [Double?], _ target: [Double?]) -> Double? {
    let pairs = zip(values, target).compactMap { x, y in x.flatMap { x in y.map { (log(x), $0) } } }
    return Correlation(pairs.map(\.0), pairs.map(\.1))?.r2
  }

  /// The study's R² over the values and, for a logarithmic axis, R² over their logarithms too.
  private static func corner(_ r2: Double?, _ logarithmic: Double?) -> String {
    guard let r2 else { return "" }
    guard let logarithmic else { return "R² = \(NumberText.short(r2))" }
    return String(format: "R² %.2f, log %.2f", r2, logarithmic)
  }

  private func finding(_ property: JSONValue, _ name: String, _ r2: Double?, _ logarithmic: Double?) -> String {
    var text = "\(name) against \(target.name) over \(property["n"]?.line ?? "\(models.count)") models"
    if let r2 { text += ": R² is \(NumberText.short(r2))" }
    if let logarithmic { text += ", over the logarithm \(NumberText.short(logarithmic))" }
    if let pearson = property.double("pearson") { text += ", the correlation \(NumberText.short(pearson))" }
    if let p = property.double("p") { text += ", p of the permutation test \(NumberText.short(p))" }
    return text + "."
  }

  /// Colour steps by the logarithm of size; nil for missing sizes, and for all if all sizes are equal.
  private static func steps(_ sizes: [Double?]) -> [Int?] {
    let logarithms = sizes.map { size in size.flatMap { $0 > 0 && $0.isFinite ? log($0) : nil } }
    let known = logarithms.compactMap { $0 }
    guard let least = known.min(), let largest = known.max(), least < largest else {
      return logarithms.map { _ in nil }
    }
    return logarithms.map { value in
      value.map { min(Int(($0 - least) / (largest - least) * Double(FigureColour.steps)), FigureColour.steps - 1) }
    }
  }
}
