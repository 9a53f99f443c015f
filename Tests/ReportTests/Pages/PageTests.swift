import Testing

@testable import Geometry
@testable import Report

@Suite("Pages")
struct PageTests {
  /// The targets of the table of contents.
  private func links(_ page: Page) throws -> [String] {
    let list = try page.html().whole.split(separator: "<nav", maxSplits: 1)[1].split(separator: "</nav>", maxSplits: 1)[
      0]
    return list.split(separator: "<li><a href=\"#").dropFirst().map { String($0.prefix { $0 != "\"" }) }
  }

  @Test("The table of contents lists exactly the sections of the page")
  func sections() throws {
    var page = Page(title: "T")
    #expect(try links(page) == ["provenance"])
    page.statistics = [.init(title: "S", rows: [])]
    page.tables = [.init(id: "properties", title: "P", header: ["a"], rows: [])]
    page.groups = [.init(title: "G", header: ["a"], rows: [])]
    page.classes = ClassesData(ClassTable(columns: []))
    let wanted = ["statistics", "properties", "groups", "classes", "provenance"]
    #expect(try links(page) == wanted)
    let html = try page.html().whole
    for id in wanted { #expect(html.contains("<section id=\"\(id)\""), "\(id)") }
    #expect(!html.contains("<section id=\"figures\""))
  }

  @Test("The first column of a table names the row, the others hold numbers, except columns of words")
  func tables() throws {
    let table = Page.Table(
      id: "x", title: "T", header: ["name", "n", "note"], rows: [["a", "1", "b"], ["c", "2"], []], words: [2])
    #expect(table.header.map(\.kind) == ["", "number", ""])
    #expect(table.rows.map(\.name) == ["a", "c", ""])
    #expect(table.rows.map { $0.cells.map(\.text) } == [["1", "b"], ["2"], []])
    var page = Page(title: "T")
    page.tables = [table]
    let html = try page.html().whole
    #expect(html.contains("<tr><th scope=\"row\">a</th><td class=\"number\">1</td><td class=\"\">b</td></tr>"))
  }

  @Test("Every text stays text, wherever it is; drawings are markup")
  func escaped() throws {
    let evil = "</title><b>\"'&"
    var page = Page(title: evil)
    (page.lead, page.footer, page.remarks) = (evil, evil, [evil])
    page.facts = [.init(name: evil, value: evil, collapse: evil)]
    page.provenance = [.init(name: evil, value: evil)]
    page.tables = [.init(id: "t", title: evil, note: evil, header: [evil], rows: [[evil, evil]])]
    page.groups = [.init(title: evil, header: [evil], rows: [[evil, evil]])]
    page.figures = [.init(name: "f", finding: evil, svg: "<svg><g/></svg>", svgSum: "0", csvSum: "1")]
    let html = try page.html().whole
    #expect(!html.contains("<b>") && html.contains("<svg><g/></svg>"))
    #expect(html.components(separatedBy: Escaped.markup(evil)).count > 15)
  }
}
