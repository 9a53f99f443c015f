import Foundation
import Support

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
    let isLogarithmic = Self.isLogarithmic(values)
    let r2 = R2(of: property.double("r2"), isLogarithmic ? Self.logarithmic(values, target.values) : nil)
    let known = sizes.compactMap { $0 }
    return Figure(
      name: String(format: "property_%02d", number), title: name,
      finding: finding(property, name, r2),
      x: .init(label: property["expression"]?.string ?? name, isLogarithmic: isLogarithmic),
      y: .init(label: target.name, isLogarithmic: Self.isLogarithmic(target.values)), data: data, layers: layers,
      scale: isScaled
        ? .init(low: Numerals.amount(known.min() ?? 0), high: Numerals.amount(known.max() ?? 0), label: "parameters")
        : nil,
      corner: r2.corner)
  }

  private func padded(_ values: [Double?], _ count: Int) -> [Double?] {
    (0..<count).map { $0 < values.count ? values[$0] : nil }
  }

  /// Positive values over more than a factor of ten: of the properties of the paper's models CDNV, which spans three
  /// decades, and the count of agreeing classifiers.
  private static func isLogarithmic(_ values: [Double?]) -> Bool {
    let known = values.compactMap { $0 }.filter(\.isFinite)
    guard let least = known.min(), let largest = known.max(), least > 0 else { return false }
    return largest > 10 * least
  }

  /// R² of the target's least-squares line over the logarithm of positive values; nil where it is undefined.
  static func logarithmic(_ values: [Double?], _ target: [Double?]) -> Double? {
    let pairs = zip(values, target).compactMap { x, y in x.flatMap { x in y.map { (log(x), $0) } } }
    let count = Double(pairs.count)
    let (meanX, meanY) = (pairs.reduce(0) { $0 + $1.0 } / count, pairs.reduce(0) { $0 + $1.1 } / count)
    let products = pairs.reduce(into: (xx: 0.0, xy: 0.0, yy: 0.0)) { sums, pair in
      let (x, y) = (pair.0 - meanX, pair.1 - meanY)
      sums = (sums.xx + x * x, sums.xy + x * y, sums.yy + y * y)
    }
    let r2 = products.xy * products.xy / (products.xx * products.yy)
    return pairs.count > 2 && r2.isFinite ? min(r2, 1) : nil
  }

  /// That of the study, which is of the values, and on a logarithmic axis that of their logarithms too.
  private struct R2 {
    let values: Double?
    let logarithms: Double?

    init(of values: Double?, _ logarithms: Double?) {
      (self.values, self.logarithms) = (values, values == nil ? nil : logarithms)
    }

    var corner: String {
      guard let values else { return "" }
      guard let logarithms else { return "R² = \(Numerals.short(values))" }
      return String(format: "R² %.2f, log %.2f", values, logarithms)
    }
  }

  private func finding(_ property: JSONValue, _ name: String, _ r2: R2) -> String {
    var text = "\(name) against \(target.name) over \(property["n"]?.line ?? "\(models.count)") models"
    if let values = r2.values { text += ": R² is \(Numerals.short(values))" }
    if let logarithms = r2.logarithms { text += ", over the logarithm \(Numerals.short(logarithms))" }
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
