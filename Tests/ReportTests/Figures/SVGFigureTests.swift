import Foundation
import Testing

@testable import Report

@Suite("Drawings by gnuplot")
struct SVGFigureTests {
  private let figure = Figure(
    name: "f", title: "A < B", finding: "of \"it\"", x: .init(label: "x"), y: .init(label: "y"), data: FigureData([]),
    layers: [])

  /// A shortened output of gnuplot, around some content.
  private func drawing(_ content: String) -> String {
    "<?xml version=\"1.0\"?>\n<svg width=\"460\"><title>Gnuplot</title>\n<g id=\"gnuplot_canvas\"><defs>\n"
      + "<circle id='gpDot'/></defs>\(content)</g>\n</svg>\n"
  }

  private func inline(_ content: String, texts: [String] = []) throws -> String {
    let svg = try #require(SVGFigure(drawing(content), of: figure, texts: texts)).inline
    let start = try #require(svg.firstIndex(of: ">"))
    return String(svg[svg.index(after: start)...].dropLast("</svg>".count))
  }

  @Test(
    "Texts replace their placeholders, escaped; a placeholder inside a text stays, and one without a text is empty"
  )
  func texts() throws {
    let content = "<text>§1§</text><text>§0§ %</text><text>§2§</text><text>§x§</text>"
    #expect(
      try inline(content, texts: ["<b>", "a §0§ \"c\""])
        == "<g><text>a §0§ &quot;c&quot;</text><text>&lt;b&gt; %</text><text></text><text></text></g>\n")
  }

  @Test("Colours of the script become properties in a page and those of a light page in a file; others stay")
  func colours() throws {
    let (series, step) = (FigureColour.series(2).code, FigureColour.step(7).code)
    let content =
      "<path stroke='rgb(  \(series.red),   \(series.green),  \(series.blue))'/>"
      + "<path fill = 'rgb(\(step.red),\(step.green),\(step.blue))'/><path stroke='rgb(  1,   2,   99)'/>"
    #expect(
      try inline(content)
        == "<g><path stroke='var(--series-2)'/><path fill = 'var(--step-7)'/><path stroke='rgb(  1,   2,   99)'/></g>\n"
    )
    let file = try #require(SVGFigure(drawing(content), of: figure, texts: [])).file
    #expect(file.contains("<path stroke='#00875f'/><path fill = '#4c9f3f'/>"))
  }

  @Test("Points are separate circles, with their place and size")
  func points() throws {
    let content = "<use xlink:href='#gpPt6' transform='translate(12.5,-3.0) scale(2.48)' color='rgb(  0,   0, 255)'/>"
    #expect(
      try inline(content)
        == "<g><circle cx='12.5' cy='-3.0' r='2.48' fill='rgb(  0,   0, 255)' stroke='none' fill-opacity='0.85'/></g>\n"
    )
  }

  @Test("Names that another drawing of the page could have, empty groups and fonts are removed")
  func tidied() throws {
    let content =
      "\n\t<g id=\"gnuplot_plot_1\" ><title>§0§</title>\n<g class='x'>\n</g>  \n\t<g font-family=\"sans-serif\"><text>1</text></g>\n</g>"
    let found = try inline(content, texts: ["t"])
    #expect(!found.contains("id=") && !found.contains("<title>") && !found.contains("font-family"))
    #expect(!found.contains("class='x'") && !found.contains("\t") && found.contains("<text>1</text>"))
  }

  @Test("In a page it has a description, and in a file it is XML on white with title and description")
  func outside() throws {
    let svg = try #require(SVGFigure(drawing("<path/>"), of: figure, texts: []))
    #expect(svg.inline.contains("role=\"img\" aria-label=\"A &lt; B. of &quot;it&quot;\""))
    #expect(svg.inline.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 460 330\""))
    #expect(svg.file.hasPrefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg "))
    #expect(
      svg.file.contains(
        "<title>A &lt; B</title>\n<desc>of &quot;it&quot;</desc>\n<rect width=\"460\" height=\"330\" fill=\"#ffffff\"/>"
      ))
    #expect(!svg.file.contains("Gnuplot") && svg.file.hasSuffix("</svg>\n"))
  }

  @Test("Text that is not a drawing by gnuplot is refused")
  func none() {
    for text in ["", "<svg></svg>", "</svg></defs>", "<defs></defs>"] {
      #expect(SVGFigure(text, of: figure, texts: []) == nil, "\(text)")
    }
  }
}
