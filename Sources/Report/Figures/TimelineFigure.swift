import Geometry
import Storage

/// How statistics settled while the stream ran, from the timeline that `accumulate --measure-every` wrote.
enum TimelineFigure {
  private static let lines = Statistics.onTimeline.compactMap { entry -> (column: String, label: String)? in
    guard case .drawn(let part)? = entry.timeline else { return nil }
    return (entry.column(part), part == .value ? entry.id : "\(entry.id) \(part)")
  }

  /// Each statistic over its last value; nil if the timeline has fewer than two rows. Throws ``ReportError`` if the
  /// table of the file is not a timeline.
  static func make(_ table: CSVTable, _ file: String) throws -> Figure? {
    guard let samples = try table.numbers("samples").map(Array.init) else {
      throw ReportError(
        file: file, expected: "a timeline, with the column samples",
        found: "the columns \(table.columns.prefix(20).joined(separator: ", "))",
        advice: "name a file that accumulate wrote with --measure-every")
    }
    var columns: [(String, [Double?])] = [("samples", samples)]
    var layers: [Figure.Layer] = []
    var halfway: [String] = []
    for (index, (column, label)) in lines.enumerated() {
      guard let values = try table.numbers(column).map(Array.init), let last = values.last ?? nil, last != 0,
        values.compactMap({ $0 }).count > 1
      else { continue }
      let relative = values.map { $0.map { $0 / last } }
      columns.append(("\(column)_over_last", relative))
      layers.append(
        .init(shape: .line(x: "samples", y: "\(column)_over_last"), colour: .series(index), label: label))
      if let middle = relative[(relative.count - 1) / 2] { halfway.append("\(label) \(NumberText.short(middle))") }
    }
    guard samples.count > 1, !layers.isEmpty, let most = samples.last ?? nil,
      let middle = samples[(samples.count - 1) / 2]
    else { return nil }
    return Figure(
      name: "timeline", title: "How the statistics settled",
      finding:
        "Each statistic over its value at the end, after \(NumberText.count(most)) samples. After "
        + "\(NumberText.count(middle)): \(halfway.joined(separator: ", ")).",
      x: .init(label: "samples passed"), y: .init(label: "value / last value"), data: FigureData(columns),
      layers: layers)
  }
}
