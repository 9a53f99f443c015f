import Geometry
import Support

/// Each headline statistic over something that was varied, such as the samples that a class must have: raw and, if it
/// has a correction for sampling noise, corrected too, with the error bars that are known.
struct HeadlineFigures {
  /// What is varied, as the end of a figure's name and title: `by_min_count` and `by min-count`.
  let name: String
  let words: String
  let x: Figure.Axis
  /// The column of places in the data.
  let column: String
  /// Places on the axis, ascending, and how a caption names them.
  let places: [Double]
  let titles: [String]
  /// Whether lines join the places.
  var isOrdered = true
  /// What else a caption says.
  var remark = ""
  let reading: (_ row: Int, StatisticEntry, StatisticEntry.Part) -> Reading

  /// Figures of the headlines that at least two places have.
  var all: [Figure] { Headline.all.compactMap(figure) }

  private func figure(_ headline: Headline) -> Figure? {
    let raw = series(headline.entry, headline.part)
    guard raw.count(where: { $0.value != nil }) > 1 else { return nil }
    let correction = headline.correction.map { series($0, headline.part) }.flatMap { found in
      found.contains { $0.value != nil } ? found : nil
    }
    var columns: [(String, [Double?])] = [(column, places)]
    var layers: [Figure.Layer] = []
    add(raw, headline.id, correction == nil ? "" : "raw", .series(0), &columns, &layers)
    if let correction {
      add(correction, "\(headline.id)_corrected", "corrected", .series(2), &columns, &layers)
    }
    return Figure(
      name: "\(headline.id)_\(name)", title: "\(headline.name), \(words)",
      finding: finding(headline, raw, correction), x: x, y: .init(label: headline.id), data: FigureData(columns),
      layers: layers)
  }

  private func series(_ entry: StatisticEntry, _ part: StatisticEntry.Part) -> [Reading] {
    places.indices.map { reading($0, entry, part) }
  }

  private func add(
    _ readings: [Reading], _ id: String, _ label: String, _ colour: FigureColour,
    _ columns: inout [(String, [Double?])], _ layers: inout [Figure.Layer]
  ) {
    columns.append((id, readings.map(\.value)))
    if readings.contains(where: { $0.bar != nil }) {
      columns += [("\(id)_low", readings.map(\.low)), ("\(id)_high", readings.map(\.high))]
      layers.append(.init(shape: .intervals(x: column, low: "\(id)_low", high: "\(id)_high"), colour: colour))
    }
    if isOrdered { layers.append(.init(shape: .line(x: column, y: id), colour: colour)) }
    layers.append(.init(shape: .points(x: column, y: id), colour: colour, label: label))
  }

  private func finding(_ headline: Headline, _ raw: [Reading], _ correction: [Reading]?) -> String {
    let all = raw + (correction ?? [])
    return [
      "From \(ends(raw)); under collapse it would be \(NumberText.short(headline.collapsed)).",
      correction.map { "Corrected for sampling noise: from \(ends($0))." } ?? "",
      ErrorBars.note(all.contains { $0.bar != nil }, leftOut: biased(raw, correction)),
      remark,
    ].filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// The first and the last value, with their places.
  private func ends(_ readings: [Reading]) -> String {
    let known = readings.indices.filter { readings[$0].value != nil }
    guard let first = known.first, let last = known.last else { return "–" }
    return "\(readings[first].text) (\(titles[first])) to \(readings[last].text) (\(titles[last]))"
  }

  private func biased(_ raw: [Reading], _ correction: [Reading]?) -> [String] {
    let missing = { (readings: [Reading]) in readings.indices.filter { readings[$0].isBiased }.map { titles[$0] } }
    return missing(raw) + missing(correction ?? []).map { "\($0), corrected" }
  }
}

/// What captions say about error bars.
enum ErrorBars {
  /// - Parameter leftOut: the values whose bar is left out for their bias.
  static func note(_ some: Bool, leftOut: [String]) -> String {
    let missing =
      leftOut.isEmpty
      ? ""
      : "No bar for \(leftOut.prefix(6).joined(separator: ", "))"
        + (leftOut.count > 6 ? " and \(leftOut.count - 6) more" : "")
        + ": the bias exceeds two standard errors, so more samples would move the value further than a bar says."
    return [some ? "Bars are one standard error to each side." : "", missing].filter { !$0.isEmpty }.joined(
      separator: " ")
  }
}
