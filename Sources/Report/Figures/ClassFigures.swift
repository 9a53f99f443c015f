import Foundation
import Geometry

/// Figures of the table of token classes.
struct ClassFigures {
  let rows: ClassTable

  /// All figures whose columns the table has.
  var all: [Figure] {
    [
      frequency, histogram(of: Self.norms), byFrequency(Self.norms), histogram(of: Self.cosines),
      byFrequency(Self.cosines), agreement,
    ].compactMap { $0 }
  }

  /// A column, with its title and labels.
  struct Quantity {
    let column: ClassColumnEntry
    let title: String
    let label: String
    var mark: Figure.Mark?
    let colour: FigureColour
  }

  static let norms = Quantity(
    column: .norm, title: "Norms of class means", label: "‖m_c‖, distance to the global mean",
    colour: .series(0))
  static let cosines = Quantity(
    column: .cosine, title: "Class means against the classifier", label: "cos(w_c, m_c)",
    mark: Figure.Mark(x: 1, label: "under collapse: 1", colour: .series(1)), colour: .series(2))

  /// Counts by rank, on logarithmic axes: every rank up to 50, then forty a decade and the last.
  var frequency: Figure? {
    var counts: [Double] = []
    if let numbers = rows.numbers(.count) {
      counts.reserveCapacity(numbers.count)
      for case let count? in numbers where count >= 1 { counts.append(count) }
    }
    counts.sort(by: >)
    guard counts.count > 1 else { return nil }
    let spaced = (0...400).map { Int(pow(10, 1.65 + Double($0) / 40)) }.filter { $0 > 50 && $0 < counts.count }
    let ranks = Array(1...min(50, counts.count)) + Set(spaced).sorted() + (counts.count > 50 ? [counts.count] : [])
    let data = FigureData([
      ("rank", ranks.map { Double($0) }), ("count", ranks.map { counts[$0 - 1] }),
    ])
    let total = counts.reduce(0, +)
    let top = counts.prefix(100)
    let once = counts.count { $0 == 1 }
    return Figure(
      name: "frequency", title: "Token frequency",
      finding:
        "The most frequent of \(NumberText.count(counts.count)) classes has \(NumberText.count(counts[0])) samples; "
        + "the \(top.count) most frequent have \(NumberText.percent(top.reduce(0, +) / total)) of all, and "
        + "\(NumberText.count(once)) classes have a single one.",
      x: .init(label: "rank of the class", isLogarithmic: true), y: .init(label: "samples n_c", isLogarithmic: true),
      data: data, layers: [.init(shape: .line(x: "rank", y: "count"), colour: .series(0))])
  }

  /// In 60 bars of equal width; nil if the range of values is too wide or too narrow for that.
  func histogram(of quantity: Quantity) -> Figure? {
    let values = rows.numbers(quantity.column)?.lazy.compactMap { $0 }.filter(\.isFinite).map { $0 } ?? []
    guard let least = values.min(), let largest = values.max(), least < largest, let quartiles = Quartiles(values)
    else { return nil }
    let bars = 60
    let width = (largest - least) / Double(bars)
    guard width > 0, width.isFinite else { return nil }
    var classes = [Int](repeating: 0, count: bars)
    for value in values { classes[min(Int((value - least) / width), bars - 1)] += 1 }
    let data = FigureData([
      ("lower", (0..<bars).map { least + width * Double($0) }),
      ("upper", (0..<bars).map { least + width * Double($0 + 1) }), ("classes", classes.map { Double($0) }),
    ])
    return Figure(
      name: quantity.column.name, title: quantity.title,
      finding:
        "Half of \(NumberText.count(values.count)) classes lie between \(NumberText.short(quartiles.lower)) and "
        + "\(NumberText.short(quartiles.upper)), with the median at \(NumberText.short(quartiles.median)); all between "
        + "\(NumberText.short(least)) and \(NumberText.short(largest)).",
      x: .init(label: quantity.label), y: .init(label: "classes"), data: data,
      layers: [.init(shape: .bars(lower: "lower", upper: "upper", y: "classes"), colour: quantity.colour)],
      marks: quantity.mark.map { [$0] } ?? [])
  }

  /// Median and quartiles over the classes of each octave of frequency.
  ///
  /// - Parameter entry: the column of n_c.
  func byFrequency(_ quantity: Quantity, counts entry: ClassColumnEntry = .count) -> Figure? {
    guard let values = rows.numbers(quantity.column), let counts = rows.numbers(entry) else { return nil }
    let points = FrequencyBands(counts).bands.compactMap { band in
      Quartiles(band.classes.compactMap { values[$0] }.filter(\.isFinite)).map { (band: band, quartiles: $0) }
    }
    guard points.count > 1, let first = points.first, let last = points.last else { return nil }
    let data = FigureData([
      ("smallest_count", points.map { Double($0.band.lower) }), ("largest_count", points.map { Double($0.band.upper) }),
      ("middle", points.map(\.band.middle)), ("classes", points.map { Double($0.band.classes.count) }),
      ("lower_quartile", points.map(\.quartiles.lower)), ("median", points.map(\.quartiles.median)),
      ("upper_quartile", points.map(\.quartiles.upper)),
    ])
    return Figure(
      name: "\(quantity.column.name)_by_frequency", title: "\(quantity.title), by frequency",
      finding:
        "The median goes from \(NumberText.short(first.quartiles.median)) for \(Self.samples(first.band)) to "
        + "\(NumberText.short(last.quartiles.median)) for \(Self.samples(last.band)). "
        + "Lines span the quartiles of each octave.",
      x: .init(label: "samples n_c", isLogarithmic: true), y: .init(label: quantity.label), data: data,
      layers: [
        .init(shape: .intervals(x: "middle", low: "lower_quartile", high: "upper_quartile"), colour: quantity.colour),
        .init(shape: .line(x: "middle", y: "median"), colour: quantity.colour),
        .init(shape: .points(x: "middle", y: "median"), colour: quantity.colour),
      ])
  }

  static func samples(_ band: FrequencyBands.Band) -> String {
    band.lower == band.upper
      ? "classes of \(band.lower) sample" + (band.lower == 1 ? "" : "s")
      : "classes of \(NumberText.count(band.lower))–\(NumberText.count(band.upper)) samples"
  }
}
