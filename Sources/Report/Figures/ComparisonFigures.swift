import Support

/// Each headline statistic by model: one row per model, in the order given, and a line where a collapsed model would
/// be.
struct ComparisonFigures {
  let names: [String]
  let measures: [JSONValue]

  /// With more models, names would overlap, so rows are numbered instead.
  private static let mostNames = 16
  /// The most characters of a name that fit in a figure.
  private static let longestName = 22

  /// Figures of the statistics that at least two models have.
  var all: [Figure] { Headline.all.compactMap(figure) }

  private func figure(_ headline: Headline) -> Figure? {
    let values = measures.map { headline.value(in: $0).flatMap { $0.isFinite ? $0 : nil } }
    let known = values.compactMap { $0 }
    guard known.count > 1, let least = known.min(), let largest = known.max() else { return nil }
    let places = values.indices.map { Double(values.count - $0) }
    let ends = (min(least, headline.collapsed), max(largest, headline.collapsed))
    let margin = max(ends.1 - ends.0, .leastNormalMagnitude) * 0.06
    return Figure(
      name: headline.id, title: headline.name, finding: finding(headline, values, least, largest),
      x: .init(label: headline.id, range: ends.0 - margin...ends.1 + margin),
      y: .init(
        label: names.count > Self.mostNames ? "model, first to last" : "", range: 0.5...Double(values.count) + 0.5,
        ticks: names.count > Self.mostNames ? [] : zip(names, places).map { .init(label: Self.short($0), place: $1) }),
      data: FigureData([("row", places), (headline.id, values)], names: ("model", names)),
      layers: [.init(shape: .points(x: headline.id, y: "row"), colour: .series(0))],
      marks: [.init(x: headline.collapsed, label: headline.underCollapse, colour: .series(1))])
  }

  private static func short(_ name: String) -> String {
    name.count > longestName ? "…" + name.suffix(longestName - 1) : name
  }

  private func finding(_ headline: Headline, _ values: [Double?], _ least: Double, _ largest: Double) -> String {
    func name(_ value: Double) -> String { values.firstIndex(of: value).map { names[$0] } ?? "" }
    let absent = values.count { $0 == nil }
    let text =
      least == largest
      ? "\(NumberText.short(least)) for every model"
      : "From \(NumberText.short(least)) (\(name(least))) to \(NumberText.short(largest)) (\(name(largest)))"
    return text + "; under collapse it would be \(NumberText.short(headline.collapsed))."
      + (absent == 0 ? "" : " Missing for \(absent) of \(values.count) models.")
  }
}
