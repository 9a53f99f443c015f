import Geometry
import Support

/// Figures of two states compared: CKA by frequency, the classes that moved most, and how all of them moved.
struct MovementFigures {
  private let view: ComparisonView
  private let classes: ClassTable?

  init(_ view: ComparisonView, _ classes: ClassTable?) { (self.view, self.classes) = (view, classes) }

  /// The classes in the figure of those that moved most.
  private static let mostMoved = 20
  /// The most characters of a token that fit beside an axis.
  private static let longestName = 22

  /// All figures for which there are numbers.
  var all: [Figure] {
    var figures = [byBand, movedMost].compactMap(\.self)
    guard let classes else { return figures }
    let drawn = ClassFigures(rows: classes)
    if let movement = classes.movement?.entry {
      let isCorrected = movement == .correctedDistance
      let quantity = ClassFigures.Quantity(
        column: movement, title: "How far class means moved",
        label: isCorrected ? "‖μ_A − μ_B‖² − e_A − e_B" : "‖μ_A − μ_B‖²", colour: .series(0))
      figures += [drawn.byFrequency(quantity, counts: .countA)].compactMap(\.self)
    }
    let cosines = ClassFigures.Quantity(
      column: .meanCosine, title: "Directions of class means", label: "cos(m_A, m_B)", colour: .series(2))
    return figures + [drawn.histogram(of: cosines), drawn.byFrequency(cosines, counts: .countA)].compactMap(\.self)
  }

  /// CKA of each frequency band, beside that of shuffled classes.
  private var byBand: Figure? {
    guard let bands = view.groups.first(where: { $0.kind == .bands }), bands.groups.count > 1 else { return nil }
    func values(_ id: String) -> [Double?] {
      guard let column = bands.columns.firstIndex(where: { $0.id == id }) else { return [] }
      return bands.groups.map { $0.values[column] }
    }
    let (cka, shuffled) = (values("cka"), values("cka_shuffled"))
    guard let first = cka.first ?? nil, let last = cka.last ?? nil, shuffled.count == cka.count else { return nil }
    return Figure(
      name: "cka_by_band", title: "CKA by frequency",
      finding:
        "From \(NumberText.short(first)) for the rarest classes to \(NumberText.short(last)) for the most frequent. "
        + "Unrelated states would have what shuffled classes give.",
      x: .init(
        label: "band, from the rarest classes to the most frequent", range: 0.5...Double(cka.count) + 0.5,
        ticks: bands.groups.enumerated().map { .init(label: $1.label, place: Double($0 + 1)) }),
      y: .init(label: "CKA", range: 0...1.02),
      data: FigureData([("band", cka.indices.map { Double($0 + 1) }), ("cka", cka), ("shuffled", shuffled)]),
      layers: [
        .init(shape: .line(x: "band", y: "cka"), colour: .series(0), label: "CKA"),
        .init(shape: .points(x: "band", y: "cka"), colour: .series(0)),
        .init(shape: .line(x: "band", y: "shuffled"), colour: .series(1), label: "shuffled classes"),
      ])
  }

  /// The squared distances of the classes that moved most, by name.
  private var movedMost: Figure? {
    let (columns, rows) = view.movedMost
    let place = columns.firstIndex(of: .correctedDistance) ?? columns.firstIndex(of: .squaredDistance)
    guard let place, rows.count > 1 else { return nil }
    let shown = rows.prefix(Self.mostMoved)
    let name = columns.firstIndex(of: .text) ?? columns.firstIndex(of: .token)
    let names = shown.map { row -> String in
      guard let name else { return "" }
      return row[name].string.map { Self.short("“\(VisibleText.line($0))”") } ?? row[name].line
    }
    let (values, heights) = (shown.map { $0[place].double }, shown.indices.map { Double(shown.count - $0) })
    guard let furthest = values.first ?? nil, let least = values.last ?? nil, furthest > 0, furthest < 1e300
    else { return nil }
    return Figure(
      name: "moved_most", title: "Classes that moved most",
      finding:
        "\(names[0]) moved furthest: its squared distance is \(NumberText.short(furthest)); that of number "
        + "\(shown.count) is \(NumberText.short(least)).",
      x: .init(
        label: columns[place] == .correctedDistance ? "‖μ_A − μ_B‖² − e_A − e_B" : "‖μ_A − μ_B‖²",
        range: 0...furthest * 1.05),
      y: .init(
        label: "", range: 0.5...Double(shown.count) + 0.5,
        ticks: zip(names, heights).map { .init(label: $0, place: $1) }),
      data: FigureData([("row", heights), (columns[place].name, values)], names: ("class", names)),
      layers: [.init(shape: .points(x: columns[place].name, y: "row"), colour: .series(0))])
  }

  private static func short(_ name: String) -> String {
    name.count > longestName ? name.prefix(longestName - 1) + "…" : name
  }
}
