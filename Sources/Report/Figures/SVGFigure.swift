import Foundation

/// A drawing that gnuplot made, in order: its texts set in, its colours exchanged, nothing in it that names a program, a
/// time, or an element of another drawing.
struct SVGFigure: Sendable, Equatable {
  private let figure: Figure
  /// What is inside the root element, with the colours of the script.
  private let content: String

  /// Nil where `drawing` is no SVG of gnuplot's.
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
    // The group that held the definitions has its beginning before them.
    self.content = "<g>" + Self.filled(content, with: texts)
  }

  /// With each text where its placeholder is. A text that looks like one stays as it is.
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

  /// Points as circles of their own, since a reference to a shape would be one into another drawing of the page.
  private static func points(in content: String) -> String {
    content.replacingOccurrences(
      of:
        #"<use xlink:href='#gpPt6' transform='translate\(([-0-9.]+),([-0-9.]+)\) scale\(([0-9.]+)\)' color='([^']*)'/>"#,
      with: "<circle cx='$1' cy='$2' r='$3' fill='$4' stroke='none' fill-opacity='0.85'/>", options: .regularExpression)
  }

  /// For a page, which has the colours as custom properties, and its own font.
  var inline: String {
    root(
      attributes:
        "class=\"figure-drawing\" role=\"img\" aria-label=\"\(Escaped.markup("\(figure.title). \(figure.finding)"))\"",
      colours { "var(\($0.property))" })
  }

  /// As a file: on white, in the colours of a light page.
  var file: String {
    let (width, height) = GnuplotScript.size
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      + root(
        attributes: "width=\"\(width)\" height=\"\(height)\" role=\"img\" font-family=\"sans-serif\"",
        "<title>\(Escaped.markup(figure.title))</title>\n<desc>\(Escaped.markup(figure.finding))</desc>\n"
          + "<rect width=\"\(width)\" height=\"\(height)\" fill=\"#ffffff\"/>\n" + colours(\.light)) + "\n"
  }

  private func root(attributes: String, _ content: String) -> String {
    let (width, height) = GnuplotScript.size
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" \(attributes)>\(content)</svg>"
  }

  private func colours(_ colour: (FigureColour) -> String) -> String {
    FigureColour.all.reduce(content) { content, role in
      let (red, green, blue) = role.code
      return content.replacingOccurrences(
        of: #"rgb\(\s*\#(red),\s*\#(green),\s*\#(blue)\)"#, with: colour(role), options: .regularExpression)
    }
  }
}

/// Texts of the input where a language would take some of their characters for its own.
enum Escaped {
  /// In HTML and XML, between tags and in attributes in either kind of quotes. Control characters, which XML has no way to
  /// hold, are shown as �.
  static func markup(_ text: String) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
      case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
      case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
      case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
      case "\u{0}"..<"\u{20}" where scalar != "\n" && scalar != "\t", "\u{FFFE}", "\u{FFFF}":
        escaped.append("\u{FFFD}")
      default: escaped.append(scalar)
      }
    }
    return String(escaped)
  }

  /// JSON in a `script` element, which only `</script` or `<!--` could end or change: no `<` is left in it.
  static func script(json: String) -> String {
    json.replacingOccurrences(of: "<", with: "\\u003c").replacingOccurrences(of: ">", with: "\\u003e")
      .replacingOccurrences(of: "&", with: "\\u0026").replacingOccurrences(of: "\u{2028}", with: "\\u2028")
      .replacingOccurrences(of: "\u{2029}", with: "\\u2029")
  }
}
