import Foundation
import Support

/// A gnuplot drawing, cleaned up: texts filled in, colours replaced, and nothing left that names a program, a time, or
/// an element of another drawing.
struct SVGFigure: Sendable, Equatable {
  private let figure: Figure
  /// The content of the root element, in the script's colours.
  private let content: String

  /// Nil if `drawing` is not an SVG made by gnuplot.
  init?(_ drawing: String, of figure: Figure, texts: [String]) {
    self.figure = figure
    guard let start = drawing.range(of: "</defs>"), let end = drawing.range(of: "</svg>", options: .backwards),
      start.upperBound <= end.lowerBound
    else { return nil }
    var content = String(drawing[start.upperBound..<end.lowerBound])
    content = Self.points(in: content)
    for (pattern, replacement) in Self.tidied {
      content = content.replacingOccurrences(of: pattern, with: replacement, options: .regularExpression)
    }
    // The group around the definitions starts before them.
    self.content = "<g>" + Self.filled(content, with: texts)
  }

  /// Replaces each placeholder with its text. A text that looks like a placeholder stays as it is.
  private static func filled(_ content: String, with texts: [String]) -> String {
    content.components(separatedBy: GnuplotScript.mark).enumerated().map { index, part in
      guard index % 2 == 1 else { return part }
      return Int(part).flatMap { texts.indices.contains($0) ? Escaped.markup(texts[$0]) : nil } ?? ""
    }.joined()
  }

  private static let tidied = [
    (#"<title>[^<]*</title>"#, ""), (#" id="gnuplot_plot_[0-9]+[a-z]?" ?"#, ""), (#" class="gridline""#, ""),
    (#" stroke-dasharray='2,4'"#, ""), (#" font-family="[^"]*""#, ""), (#"<g [^>]*>\s*</g>\s*"#, ""),
    (#"\s*\n\s*"#, "\n"),
  ]

  /// Draws points as circles: a reference to a shape could point into another drawing of the page.
  private static func points(in content: String) -> String {
    content.replacingOccurrences(
      of:
        #"<use xlink:href='#gpPt6' transform='translate\(([-0-9.]+),([-0-9.]+)\) scale\(([0-9.]+)\)' color='([^']*)'/>"#,
      with: "<circle cx='$1' cy='$2' r='$3' fill='$4' stroke='none' fill-opacity='0.85'/>", options: .regularExpression)
  }

  /// For a page: colours are custom properties, and the font is the page's.
  var inline: String {
    root(
      attributes:
        "class=\"figure-drawing\" role=\"img\" aria-label=\"\(Escaped.markup("\(figure.title). \(figure.finding)"))\"",
      colours { "var(\($0.property))" })
  }

  /// As a file: on white, in the colours of a light page.
  var file: String {
    let (width, height) = GnuplotScript.size
    return Self.declaration
      + root(
        attributes: Self.fileAttributes,
        "<title>\(Escaped.markup(figure.title))</title>\n<desc>\(Escaped.markup(figure.finding))</desc>\n"
          + "<rect width=\"\(width)\" height=\"\(height)\" fill=\"#ffffff\"/>\n" + colours(\.light)) + "\n"
  }

  private static let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
  private static let fileAttributes =
    "width=\"\(GnuplotScript.size.width)\" height=\"\(GnuplotScript.size.height)\" role=\"img\" font-family=\"sans-serif\""

  /// How every file of a figure begins.
  static var beginning: String { declaration + start(fileAttributes) }

  private static func start(_ attributes: String) -> String {
    let (width, height) = GnuplotScript.size
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" \(attributes)>"
  }

  private func root(attributes: String, _ content: String) -> String {
    Self.start(attributes) + content + "</svg>"
  }

  private func colours(_ colour: (FigureColour) -> String) -> String {
    FigureColour.all.reduce(content) { content, role in
      let (red, green, blue) = role.code
      return content.replacingOccurrences(
        of: #"rgb\(\s*\#(red),\s*\#(green),\s*\#(blue)\)"#, with: colour(role), options: .regularExpression)
    }
  }
}

/// Escapes input texts for languages that give some characters a meaning.
enum Escaped {
  /// Escapes for HTML and XML, between tags and in attributes with either kind of quotes. What a browser would obey
  /// instead of show is escaped by ``VisibleText``; two code points that XML cannot hold become �.
  static func markup(_ text: String) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in VisibleText.lines(text).unicodeScalars {
      switch scalar {
      case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
      case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
      case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
      case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
      case "\u{FFFE}", "\u{FFFF}": escaped.append("\u{FFFD}")
      default: escaped.append(scalar)
      }
    }
    return String(escaped)
  }

  /// Escapes JSON for a `script` element. Only `</script` or `<!--` could end or change it, so no `<` is left.
  static func script(json: String) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in json.unicodeScalars {
      switch scalar {
      case "<": escaped.append(contentsOf: "\\u003c".unicodeScalars)
      case ">": escaped.append(contentsOf: "\\u003e".unicodeScalars)
      case "&": escaped.append(contentsOf: "\\u0026".unicodeScalars)
      case "\u{2028}": escaped.append(contentsOf: "\\u2028".unicodeScalars)
      case "\u{2029}": escaped.append(contentsOf: "\\u2029".unicodeScalars)
      default: escaped.append(scalar)
      }
    }
    return String(escaped)
  }
}
