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
    let raw = measures.map { headline.reading(in: $0) }
    let known = raw.compactMap(\.value)
    guard known.count > 1, let least = known.min(), let largest = known.max() else { return nil }
    let correction = headline.correction.map { entry in measures.map { Reading($0, entry, headline.part) } }.flatMap {
      readings in readings.contains { $0.value != nil } ? readings : nil
    }
    let places = raw.indices.map { Double(raw.count - $0) }
    let shown = known + (raw + (correction ?? [])).flatMap { [$0.value, $0.low, $0.high].compactMap { $0 } }
    // Models with more classes than a simplex can have reach their own floors.
    let collapsed = measures.filter { headline.value(in: $0) != nil }.map { headline.collapsed(in: $0) }
    let reached = (collapsed.min() ?? headline.collapsed)...(collapsed.max() ?? headline.collapsed)
    let ends = (min(shown.min() ?? least, reached.lowerBound), max(shown.max() ?? largest, reached.lowerBound))
    let margin = max(ends.1 - ends.0, .leastNormalMagnitude) * 0.06
    var columns: [(String, [Double?])] = [("row", places)]
    var layers: [Figure.Layer] = []
    add(raw, headline.id, row: "row", correction == nil ? "" : "raw", .series(0), &columns, &layers)
    if let correction {
      columns.append(("row_corrected", places.map { $0 - 0.25 }))
      add(
        correction, "\(headline.id)_corrected", row: "row_corrected", "corrected", .series(2), &columns, &layers)
    }
    return Figure(
      name: headline.id, title: headline.name,
      finding: [
        finding(reached, raw.map(\.value), least, largest), bars(raw, correction),
      ].filter { !$0.isEmpty }.joined(separator: " "),
      x: .init(label: headline.id, range: ends.0 - margin...ends.1 + margin),
      y: .init(
        label: names.count > Self.mostNames ? "model, first to last" : "", range: 0.5...Double(raw.count) + 0.5,
        ticks: names.count > Self.mostNames ? [] : zip(names, places).map { .init(label: Self.short($0), place: $1) }),
      data: FigureData(columns, names: ("model", names)), layers: layers,
      marks: [.init(x: reached.lowerBound, label: "under collapse: \(Self.text(reached))", colour: .series(1))])
  }

  private func add(
    _ readings: [Reading], _ id: String, row: String, _ label: String, _ colour: FigureColour,
    _ columns: inout [(String, [Double?])], _ layers: inout [Figure.Layer]
  ) {
    columns.append((id, readings.map(\.value)))
    if readings.contains(where: { $0.bar != nil }) {
      columns += [("\(id)_low", readings.map(\.low)), ("\(id)_high", readings.map(\.high))]
      layers.append(.init(shape: .spans(y: row, low: "\(id)_low", high: "\(id)_high"), colour: colour))
    }
    layers.append(.init(shape: .points(x: id, y: row), colour: colour, label: label))
  }

  private func bars(_ raw: [Reading], _ correction: [Reading]?) -> String {
    let all = raw + (correction ?? [])
    return ErrorBars.note(
      all.contains { $0.bar != nil },
      leftOut: names.indices.filter { raw[$0].isBiased || correction?[$0].isBiased == true }.map { names[$0] })
  }

  private static func short(_ name: String) -> String {
    name.count > longestName ? "…" + name.suffix(longestName - 1) : name
  }

  private static func text(_ reached: ClosedRange<Double>) -> String {
    let least = NumberText.short(reached.lowerBound)
    return reached.lowerBound == reached.upperBound ? least : "\(least) to \(NumberText.short(reached.upperBound))"
  }

  private func finding(_ reached: ClosedRange<Double>, _ values: [Double?], _ least: Double, _ largest: Double)
    -> String
  {
    func name(_ value: Double) -> String { values.firstIndex(of: value).map { names[$0] } ?? "" }
    let absent = values.count { $0 == nil }
    let text =
      least == largest
      ? "\(NumberText.short(least)) for every model"
      : "From \(NumberText.short(least)) (\(name(least))) to \(NumberText.short(largest)) (\(name(largest)))"
    return text + "; under collapse it would be \(Self.text(reached))."
      + (absent == 0 ? "" : " Missing for \(absent) of \(values.count) models.")
  }
}
