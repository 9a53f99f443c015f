import Foundation
import Testing

@testable import Report

@Suite("Scripts for gnuplot")
struct GnuplotScriptTests {
  private func figure(_ change: (inout Figure) -> Void = { _ in }, layers: [Figure.Layer]) -> Figure {
    var figure = Figure(
      name: "f", title: "the title", finding: "the finding",
      x: .init(label: "label of x", isLogarithmic: true),
      y: .init(
        label: "label of y", range: -1...2.5,
        ticks: [.init(label: "first tick", place: 1), .init(label: "2nd", place: 2)]),
      data: FigureData([("a", [1, 2.5]), ("b", [nil, .infinity]), ("c", [-1e-7, .nan])]), layers: layers)
    change(&figure)
    return figure
  }

  private func lines(_ figure: Figure) -> [Substring] { GnuplotScript(figure).text.split(separator: "\n") }

  @Test("It contains no text of a figure, only a placeholder for each")
  func texts() throws {
    let figure = figure(
      {
        $0.corner = "the corner"
        $0.marks = [.init(x: 3, label: "a mark", colour: .series(1))]
        $0.scale = .init(low: "the low", high: "the high", label: "of it")
      }, layers: [.init(shape: .line(x: "a", y: "b"), colour: .series(0), label: "a layer")])
    let script = GnuplotScript(figure)
    let wanted = [
      "the title", "label of x", "label of y", "the corner", "first tick", "2nd", "a mark", "the low", "the high of it",
      "a layer",
    ]
    #expect(Set(script.texts) == Set(wanted) && script.texts.count == wanted.count)
    for (number, text) in script.texts.enumerated() {
      #expect(!script.text.contains(text))
      #expect(script.text.components(separatedBy: "\"§\(number)§\"").count == 2, "\(text)")
    }
    #expect(!script.text.contains("finding"))
  }

  @Test("Data are rows of columns; a number that is not finite is missing")
  func data() throws {
    let lines = lines(figure(layers: []))
    let start = try #require(lines.firstIndex(of: "$data << EOD"))
    #expect(lines[(start + 1)...].prefix(3) == ["1.0 ? -1e-07", "2.5 ? ?", "EOD"])
    #expect(lines.contains("set datafile missing \"?\""))
  }

  @Test("Layers name columns by their position, from 1, in drawing order")
  func layers() throws {
    let lines = lines(
      figure(layers: [
        .init(shape: .line(x: "a", y: "c"), colour: .series(0)),
        .init(shape: .someOf(x: "b", y: "a", column: "c", value: 4), colour: .step(0), label: "l"),
        .init(shape: .bars(lower: "a", upper: "b", y: "c"), colour: .series(0)),
        .init(shape: .intervals(x: "c", low: "a", high: "b"), colour: .series(0)),
      ]))
    let plot = try #require(lines.last).split(separator: "$data using ").map(String.init)
    #expect(plot.first == "plot " && plot.count == 5)
    // 1 · 2¹⁶ + 2 · 2⁸ and 16, or 32.
    #expect(plot[1] == "1:3 with lines linewidth 2 linecolor rgb 66064 notitle, ")
    #expect(plot[2].hasPrefix("2:($3 == 4 ? $1 : NaN) with points ") && plot[2].contains("linecolor rgb 66080 title"))
    #expect(plot[3].hasPrefix("(($1 + $2) / 2):($3 / 2):1:2:(0):3 with boxxyerror "))
    #expect(plot[4].hasPrefix("3:1:(0):($2 - $1) with vectors nohead "))
  }

  @Test("Axes are logarithmic, bounded and labelled if requested, and only then")
  func axes() {
    let lines = lines(figure(layers: []))
    #expect(lines.contains("set logscale x") && !lines.contains("set logscale y"))
    #expect(lines.contains("set yrange [-1.0:2.5]") && !lines.contains { $0.hasPrefix("set xrange") })
    #expect(lines.contains("set ytics (\"§4§\" 1.0, \"§5§\" 2.0)") && !lines.contains { $0.hasPrefix("set xtics") })
    // Ten characters of the longest name, plus two.
    #expect(lines.contains("set lmargin 12"))
  }

  @Test("There is a key entry for each layer with a label and each line with a mark, and a scale has eight steps")
  func extras() {
    let plain = lines(figure(layers: [.init(shape: .points(x: "a", y: "b"), colour: .series(0))]))
    #expect(
      plain.contains("set key off") && !plain.contains { $0.hasPrefix("set arrow") || $0.hasPrefix("set object") })
    let figure = figure(
      {
        $0.marks = [.init(x: 0.25, label: "m", colour: .series(1)), .init(x: -1, label: "n", colour: .series(2))]
        $0.scale = .init(low: "l", high: "h", label: "s")
      }, layers: [.init(shape: .points(x: "a", y: "b"), colour: .series(0), label: "k")])
    let lines = lines(figure)
    #expect(lines.contains { $0.hasPrefix("set key top right") })
    #expect(lines.contains { $0.hasPrefix("set arrow 1 from first 0.25, graph 0 to first 0.25, graph 1 nohead") })
    #expect(lines.contains { $0.hasPrefix("set arrow 2 from first -1.0, ") })
    let steps = lines.filter { $0.hasPrefix("set object") }
    #expect(steps.count == 8)
    // Sixteen hundredths from the middle on.
    #expect(steps.first?.contains("from graph 0.5,1.035 to graph 0.52,") == true)
    #expect(steps.last?.contains(" to graph 0.66,") == true)
  }
}
