/// The script that draws a figure. It holds only numbers and our own words; a placeholder stands for each text of the
/// figure.
struct GnuplotScript {
  /// In gnuplot's units, about one pixel each at the usual size.
  static let size = (width: 460, height: 330)

  /// Texts of the figure, by placeholder number.
  private(set) var texts: [String] = []
  private(set) var text = ""

  init(_ figure: Figure) {
    let (title, x, y, corner) = (
      place(figure.title), place(figure.x.label), place(figure.y.label), place(figure.corner)
    )
    add("set terminal svg size \(Self.size.width),\(Self.size.height) dynamic noenhanced font \"sans-serif,13\"")
    add("set encoding utf8")
    add("set minussign")
    add("set datafile missing \"?\"")
    add("set border 3 linecolor \(Self.colour(.axis)) linewidth 1")
    add("set tics nomirror scale 0.6 textcolor \(Self.colour(.text))")
    add("set grid linecolor \(Self.colour(.grid)) linewidth 1 dashtype solid")
    add(
      "set title \"\(title)\" textcolor \(Self.colour(.text)) offset 0,\(figure.corner.isEmpty && figure.marks.isEmpty ? "-0.3" : "0.9")"
    )
    add("set xlabel \"\(x)\" textcolor \(Self.colour(.text))")
    add("set ylabel \"\(y)\" textcolor \(Self.colour(.text))")
    if !figure.corner.isEmpty {
      add("set label 900 \"\(corner)\" at graph 0,1.055 left textcolor \(Self.colour(.text))")
    }
    axis("x", figure.x)
    axis("y", figure.y)
    add("set rmargin 3")
    for (index, mark) in figure.marks.enumerated() { self.mark(mark, index) }
    if let scale = figure.scale { self.scale(scale) }
    add(
      figure.layers.contains { !$0.label.isEmpty }
        ? "set key top right samplen 1.5 textcolor \(Self.colour(.text))" : "set key off")
    data(figure.data)
    add("plot " + figure.layers.map { plot($0, figure.data) }.joined(separator: ", "))
  }

  static let mark = "§"

  private mutating func place(_ text: String) -> String {
    texts.append(text)
    return "\(Self.mark)\(texts.count - 1)\(Self.mark)"
  }

  private mutating func add(_ line: String) { text += line + "\n" }

  private static func colour(_ colour: FigureColour) -> String {
    let (red, green, blue) = colour.code
    return "rgb \((red << 16) | (green << 8) | blue)"
  }

  private mutating func axis(_ name: String, _ axis: Figure.Axis) {
    if axis.isLogarithmic {
      add("set logscale \(name)")
      add("set format \(name) \"%g\"")
    }
    if !axis.ticks.isEmpty {
      let names = axis.ticks.map { "\"\(place($0.label))\" \($0.place)" }
      add("set \(name)tics (\(names.joined(separator: ", ")))")
      // Otherwise gnuplot would size the margin for the placeholders.
      if name == "y" { add("set lmargin \(2 + (axis.ticks.map(\.label.count).max() ?? 0))") }
    }
    if let range = axis.range { add("set \(name)range [\(range.lowerBound):\(range.upperBound)]") }
  }

  private mutating func mark(_ mark: Figure.Mark, _ index: Int) {
    add(
      "set arrow \(index + 1) from first \(mark.x), graph 0 to first \(mark.x), graph 1 nohead front "
        + "linecolor \(Self.colour(mark.colour)) linewidth 1.5 dashtype (6,4)")
    let label = place(mark.label)
    add(
      "set label \(index + 1) \"\(label)\" at graph 1,\(1.055 + 0.075 * Double(index)) right front "
        + "textcolor \(Self.colour(mark.colour))")
  }

  /// Draws a bar of colour steps above the upper right corner, with labels at its ends.
  private mutating func scale(_ scale: Figure.ColourScale) {
    let (left, width) = (0.5, 0.16)
    for step in 0..<FigureColour.steps {
      let from = left + width * Double(step) / Double(FigureColour.steps)
      let to = left + width * Double(step + 1) / Double(FigureColour.steps)
      add(
        "set object \(step + 1) rectangle from graph \(from),1.035 to graph \(to),1.075 noclip "
          + "fillstyle solid 1 noborder fillcolor \(Self.colour(.step(step)))")
    }
    let (low, high) = (place(scale.low), place("\(scale.high) \(scale.label)"))
    add("set label 800 \"\(low)\" at graph \(left - 0.015),1.055 right textcolor \(Self.colour(.text))")
    add("set label 801 \"\(high)\" at graph \(left + width + 0.015),1.055 left textcolor \(Self.colour(.text))")
  }

  private mutating func data(_ data: FigureData) {
    add("$data << EOD")
    for row in 0..<data.rows {
      add(data.columns.map { $0.values[row].map { $0.isFinite ? "\($0)" : "?" } ?? "?" }.joined(separator: " "))
    }
    add("EOD")
  }

  private mutating func plot(_ layer: Figure.Layer, _ data: FigureData) -> String {
    func column(_ name: String) -> Int { (data.columns.firstIndex { $0.name == name } ?? 0) + 1 }
    let title = layer.label.isEmpty ? "notitle" : "title \"\(place(layer.label))\""
    let colour = Self.colour(layer.colour)
    let drawn =
      switch layer.shape {
      case .line(let x, let y): "\(column(x)):\(column(y)) with lines linewidth 2 linecolor \(colour)"
      case .points(let x, let y):
        "\(column(x)):\(column(y)) with points pointtype 7 pointsize 0.55 linecolor \(colour)"
      case .someOf(let x, let y, let chosen, let value):
        "\(column(x)):($\(column(chosen)) == \(value) ? $\(column(y)) : NaN) "
          + "with points pointtype 7 pointsize 0.55 linecolor \(colour)"
      case .bars(let lower, let upper, let y):
        "(($\(column(lower)) + $\(column(upper))) / 2):($\(column(y)) / 2):\(column(lower)):\(column(upper)):"
          + "(0):\(column(y)) with boxxyerror fillstyle solid 0.85 noborder linecolor \(colour)"
      case .intervals(let x, let low, let high):
        "\(column(x)):\(column(low)):(0):($\(column(high)) - $\(column(low))) "
          + "with vectors nohead linewidth 1.5 linecolor \(colour)"
      case .spans(let y, let low, let high):
        "\(column(low)):\(column(y)):($\(column(high)) - $\(column(low))):(0) "
          + "with vectors nohead linewidth 1.5 linecolor \(colour)"
      }
    return "$data using \(drawn) \(title)"
  }
}
