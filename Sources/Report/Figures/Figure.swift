/// A figure: its data, how to draw them, and the finding in words.
///
/// Texts of a figure never reach gnuplot: its script has placeholders, which ``SVGFigure`` fills in. So no token or
/// title can act as a command.
struct Figure: Sendable, Equatable {
  /// The name of its files: lower-case letters, digits, `_` and `-`.
  let name: String
  let title: String
  /// The finding in words with numbers: the text alternative and the caption.
  let finding: String
  let x: Axis
  let y: Axis
  let data: FigureData
  let layers: [Layer]
  var marks: [Mark] = []
  /// What point colours mean, if they form a scale.
  var scale: ColourScale?
  /// A few words above the upper left corner.
  var corner = ""

  struct Axis: Sendable, Equatable {
    let label: String
    var isLogarithmic = false
    var range: ClosedRange<Double>?
    /// Names instead of numbers, if there are any.
    var ticks: [Tick] = []
  }

  /// A name at a position on an axis.
  struct Tick: Sendable, Equatable {
    let label: String
    let place: Double
  }

  /// One way to draw some columns of the data, given by name.
  struct Layer: Sendable, Equatable {
    enum Shape: Sendable, Equatable {
      case line(x: String, y: String)
      case points(x: String, y: String)
      /// Points of the rows with this value in `column`.
      case someOf(x: String, y: String, column: String, value: Int)
      /// A bar from 0 to `y`, from `lower` to `upper`.
      case bars(lower: String, upper: String, y: String)
      /// A vertical line from `low` to `high`.
      case intervals(x: String, low: String, high: String)
      /// A horizontal line from `low` to `high`.
      case spans(y: String, low: String, high: String)
    }

    let shape: Shape
    let colour: FigureColour
    /// Label in the key; empty for none.
    var label = ""
  }

  /// A vertical line with a label.
  struct Mark: Sendable, Equatable {
    let x: Double
    let label: String
    let colour: FigureColour
  }

  /// Labels of a colour scale, from the smallest to the largest value.
  struct ColourScale: Sendable, Equatable {
    let low: String
    let high: String
    let label: String
  }
}

/// The numbers of a figure: columns of equal length, nil for undefined values, with an optional name per row.
struct FigureData: Sendable, Equatable {
  struct Column: Sendable, Equatable {
    let name: String
    let values: [Double?]
  }

  var columns: [Column]
  /// Row names, and the name of their column.
  var names: (column: String, values: [String])?

  init(_ columns: [(String, [Double?])], names: (column: String, values: [String])? = nil) {
    self.columns = columns.map { Column(name: $0.0, values: $0.1) }
    self.names = names
  }

  static func == (a: FigureData, b: FigureData) -> Bool { a.columns == b.columns && a.csv == b.csv }

  subscript(name: String) -> [Double?] { columns.first { $0.name == name }?.values ?? [] }

  var rows: Int { columns.first?.values.count ?? 0 }
}
