import Embeddings
import Foundation

/// Each property of a study against its target, a point a model, coloured by the models' size.
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
    let steps = zip(values.indices, ColourSteps.of(sizes, count: values.count)).map { $1 }
    let isScaled = steps.contains { $0 != nil }
    let data = FigureData(
      [
        ("property", values), ("target", target.values), ("n_params", padded(sizes, values.count)),
        ("colour_step", steps.map { $0.map(Double.init) ?? -1 }),
      ],
      names: models.count == values.count ? ("model", models) : nil)
    let used = Set(steps.map { $0 ?? -1 }).sorted()
    let layers = used.map { step in
      Figure.Layer(
        shape: .someOf(x: "property", y: "target", column: "colour_step", value: step),
        colour: step < 0 ? .series(0) : .step(step))
    }
    let r2 = property.double("r2")
    let known = sizes.compactMap { $0 }
    return Figure(
      name: String(format: "property_%02d", number), title: name,
      finding: finding(property, name),
      x: .init(label: property["expression"]?.string ?? name, isLogarithmic: Self.isLogarithmic(values)),
      y: .init(label: target.name), data: data, layers: layers,
      scale: isScaled
        ? .init(low: Numerals.amount(known.min() ?? 0), high: Numerals.amount(known.max() ?? 0), label: "parameters")
        : nil,
      corner: r2.map { "R² = \(Numerals.short($0))" } ?? "")
  }

  private func padded(_ values: [Double?], _ count: Int) -> [Double?] {
    (0..<count).map { $0 < values.count ? values[$0] : nil }
  }

  /// Positive values over more than a factor of ten.
  private static func isLogarithmic(_ values: [Double?]) -> Bool {
    let known = values.compactMap { $0 }.filter(\.isFinite)
    guard let least = known.min(), let largest = known.max(), least > 0 else { return false }
    return largest > 10 * least
  }

  private func finding(_ property: JSONValue, _ name: String) -> String {
    var text = "\(name) against \(target.name) over \(property["n"]?.line ?? "\(models.count)") models"
    if let r2 = property.double("r2") { text += ": R² is \(Numerals.short(r2))" }
    if let pearson = property.double("pearson") { text += ", the correlation \(Numerals.short(pearson))" }
    if let p = property.double("p") { text += ", p of the permutation test \(Numerals.short(p))" }
    return text + "."
  }
}

/// Steps of the colour scale by the logarithm of a size.
enum ColourSteps {
  /// A step for each of `count` sizes; nil where it has none, and everywhere where all are one.
  static func of(_ sizes: [Double?], count: Int) -> [Int?] {
    let logarithms = (0..<count).map { place -> Double? in
      guard place < sizes.count, let size = sizes[place], size > 0, size.isFinite else { return nil }
      return log(size)
    }
    let known = logarithms.compactMap { $0 }
    guard let least = known.min(), let largest = known.max(), least < largest else {
      return logarithms.map { _ in nil }
    }
    return logarithms.map { value in
      value.map { min(Int(($0 - least) / (largest - least) * Double(FigureColour.steps)), FigureColour.steps - 1) }
    }
  }
}
