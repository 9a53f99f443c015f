import Foundation
import Geometry
import Storage

/// Figures of the pair statistics' histograms that `measure --histograms` wrote.
struct PairFigures {
  /// One statistic's bins.
  struct Histogram: Equatable {
    let id: String
    let lower: [Double]
    let upper: [Double]
    let pairs: [Double]
  }

  let histograms: [Histogram]

  /// Reads the table of a file. Throws ``ReportError`` if it is not a histogram table.
  init(_ table: CSVTable, _ file: String) throws {
    guard table.columns.contains("statistic"), let lower = try table.numbers("lower"),
      let upper = try table.numbers("upper"), let pairs = try table.numbers("pairs")
    else {
      throw ReportError(
        file: file, expected: "histograms, with the columns statistic, lower, upper and pairs",
        found: "the columns \(table.columns.prefix(20).joined(separator: ", "))",
        advice: "name a file that measure wrote with --histograms")
    }
    var order: [String] = []
    var bins: [String: [(Double, Double, Double)]] = [:]
    var row = 0
    _ = try table.forEach(in: "statistic") { id in
      guard let low = lower[row], let high = upper[row], let count = pairs[row], low < high, count >= 0 else {
        throw ReportError(
          file: try table.place(row: row, column: "lower"), expected: "edges in order and a number of pairs",
          found: try table.row(row).joined(separator: ",").prefix(80).description,
          advice: "name a file that measure wrote with --histograms")
      }
      if bins[id] == nil { order.append(id) }
      bins[id, default: []].append((low, high, count))
      row += 1
    }
    histograms = order.map { id in
      let bins = bins[id] ?? []
      return Histogram(id: id, lower: bins.map(\.0), upper: bins.map(\.1), pairs: bins.map(\.2))
    }
  }

  /// One figure for each known statistic.
  func figures(classes: Int?) -> [Figure] { histograms.compactMap { Self.figure($0, classes: classes) } }

  /// The density of pairs over the statistic; per decade if its axis is logarithmic.
  private static func figure(_ histogram: Histogram, classes: Int?) -> Figure? {
    guard let axis = Statistics.axis(histogram.id) else { return nil }
    let total = histogram.pairs.reduce(0, +)
    let bounded = histogram.pairs.indices.filter { bin in
      histogram.lower[bin].isFinite && histogram.upper[bin].isFinite
        && !(axis.isLogarithmic && histogram.lower[bin] <= 0)
    }
    guard total > 0, let shown = shown(histogram, bounded) else { return nil }
    let density = shown.map { bin in
      let width =
        axis.isLogarithmic
        ? log10(histogram.upper[bin]) - log10(histogram.lower[bin]) : histogram.upper[bin] - histogram.lower[bin]
      return histogram.pairs[bin] / total / width
    }
    let data = FigureData([
      ("lower", shown.map { histogram.lower[$0] }), ("upper", shown.map { histogram.upper[$0] }),
      ("pairs", shown.map { histogram.pairs[$0] }), ("density", density.map { $0 }),
    ])
    let within = shown.reduce(0) { $0 + histogram.pairs[$1] }
    let mark = classes.flatMap { Statistics.collapsed(histogram.id, classes: $0) }
    return Figure(
      name: histogram.id, title: axis.title,
      finding: finding(histogram, total: total, within: within, mark),
      x: .init(label: axis.label, isLogarithmic: axis.isLogarithmic),
      y: .init(label: axis.isLogarithmic ? "density per decade" : "density"), data: data,
      layers: [.init(shape: .bars(lower: "lower", upper: "upper", y: "density"), colour: .series(axis.colour))],
      marks: mark.map { [.init(x: $0, label: "under collapse: \(NumberText.short($0))", colour: .series(1))] } ?? [])
  }

  /// The bins left after cutting a thousandth of their pairs at each end.
  private static func shown(_ histogram: Histogram, _ bounded: [Int]) -> ArraySlice<Int>? {
    let total = bounded.reduce(0) { $0 + histogram.pairs[$1] }
    guard let first = place(histogram, of: 0.001 * total, bounded),
      let last = place(histogram, of: 0.999 * total, bounded)
    else { return nil }
    return bounded[first...max(first, last)]
  }

  /// Index of the bin in which the cumulative number of pairs reaches `pairs`.
  private static func place(_ histogram: Histogram, of pairs: Double, _ bins: [Int]) -> Int? {
    var passed = 0.0
    return bins.firstIndex { bin in
      passed += histogram.pairs[bin]
      return passed >= pairs
    } ?? bins.indices.last
  }

  private static func finding(_ histogram: Histogram, total: Double, within: Double, _ mark: Double?) -> String {
    func edges(_ share: Double) -> (Double, Double)? {
      place(histogram, of: share * total, Array(histogram.pairs.indices)).map {
        (histogram.lower[$0], histogram.upper[$0])
      }
    }
    var text = "Over \(NumberText.count(total)) pairs of classes"
    if let low = edges(0.1), let median = edges(0.5), let high = edges(0.9) {
      text +=
        " the median lies between \(NumberText.short(median.0)) and \(NumberText.short(median.1)), and eight of ten pairs between "
        + "\(NumberText.short(low.0)) and \(NumberText.short(high.1))"
    }
    if let mark { text += "; under collapse all would be at \(NumberText.short(mark))" }
    let outside = total - within
    return text + (outside > 0 ? ". \(NumberText.percent(outside / total)) of the pairs lie beyond the axis." : ".")
  }
}
