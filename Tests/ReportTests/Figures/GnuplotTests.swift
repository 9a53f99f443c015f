import Foundation
import Testing

@testable import Report

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("gnuplot")
struct GnuplotTests {
  private let figure = Figure(
    name: "f", title: "<§0§> \"a\"", finding: "b", x: .init(label: "x"), y: .init(label: "y"),
    data: FigureData([("x", [0, 1, 2]), ("y", [3, nil, 5])]),
    layers: [.init(shape: .points(x: "x", y: "y"), colour: .series(0))])

  @Test("It draws the data, one point per defined value, as XML with the texts of the figure")
  func draws() async throws {
    let gnuplot = try await Gnuplot()
    #expect(gnuplot.version.hasPrefix("gnuplot "))
    let drawn = try await gnuplot.draw(figure)
    #expect(XMLParser(data: Data(drawn.file.utf8)).parse() && drawn.file.contains("&lt;§0§&gt; &quot;a&quot;"))
    #expect(drawn.file.components(separatedBy: "<circle ").count == 3)
  }

  @Test("A program that fails, or draws nothing, is an error that says so, and does not blame the input")
  func fails() async throws {
    let failed = await #expect(throws: ReportError.self) { _ = try await Gnuplot("false") }
    #expect(failed?.isBadInput == false && failed?.diagnosis.file == "gnuplot")
    #expect(failed?.diagnosis.expected == "a drawing" && failed?.diagnosis.advice.contains("gnuplot --version") == true)
    // As in the tool: a program may end before it has read its script, and no pipe must hold that up.
    signal(SIGPIPE, SIG_IGN)
    let idle = try await Gnuplot("true")
    let numbers = (0..<20_000).map { Double($0) }
    let figure = Figure(
      name: "f", title: "t", finding: "b", x: .init(label: "x"), y: .init(label: "y"),
      data: FigureData([("x", numbers), ("y", numbers)]), layers: [])
    let nothing = await #expect(throws: ReportError.self) { _ = try await idle.draw(figure) }
    #expect(nothing?.isBadInput == false && nothing?.diagnosis.expected == "the figure “f” as SVG")
    #expect(nothing?.diagnosis.file == "gnuplot" && nothing?.diagnosis.found == "no drawing")
  }
}
