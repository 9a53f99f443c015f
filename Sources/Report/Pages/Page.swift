import Mustache
import Support

/// The content of a page, with the names that the templates use.
struct Page {
  struct Link {
    let id: String
    let title: String
  }

  /// A number at the top, or a line of the provenance.
  struct Entry {
    let name: String
    let value: String
    /// The number under collapse, in words.
    var collapse = ""
  }

  struct DrawnFigure {
    let name: String
    let finding: String
    let svg: String
    /// Checksums of the files; see ``FigureList``.
    let svgSum: String
    let csvSum: String
  }

  struct Cell {
    let text: String
    /// `number` or empty.
    let kind: String
  }

  struct Line {
    let name: String
    let cells: [Cell]
  }

  struct Table {
    var id = ""
    let title: String
    var note = ""
    let header: [Cell]
    let rows: [Line]

    /// A table of strings. The first column names the row; the others hold numbers, except columns in `words`.
    init(id: String = "", title: String, note: String = "", header: [String], rows: [[String]], words: Set<Int> = []) {
      func cell(_ text: String, _ column: Int) -> Cell {
        Cell(text: text, kind: column == 0 || words.contains(column) ? "" : "number")
      }
      (self.id, self.title, self.note) = (id, title, note)
      self.header = header.enumerated().map { cell($1, $0) }
      self.rows = rows.map { row in
        Line(name: row.first ?? "", cells: row.enumerated().dropFirst().map { cell($1, $0) })
      }
    }
  }

  var title: String
  var lead = ""
  var facts: [Entry] = []
  var statistics: [MeasuresView.Section] = []
  var statisticsNote = ""
  var tables: [Table] = []
  /// Remarks on all tables.
  var remarks: [String] = []
  var groups: [Table] = []
  var figures: [DrawnFigure] = []
  var figuresNote = ""
  /// The classes as JSON that is safe inside a script; empty if there are none.
  var classes = ""
  var provenance = [Entry(name: "report", value: "collapse \(collapseVersion)")]
  var footer = "Made by collapse \(collapseVersion). Statistics: Wu & Papyan, Linguistic Collapse, NeurIPS 2024."

  /// The HTML.
  func html() throws -> String {
    let contents =
      [
        statistics.isEmpty ? nil : Link(id: "statistics", title: "Statistics")
      ] + tables.map { Link(id: $0.id, title: $0.title) } + [
        groups.isEmpty ? nil : Link(id: "groups", title: "Groups"),
        figures.isEmpty ? nil : Link(id: "figures", title: "Figures"),
        classes.isEmpty ? nil : Link(id: "classes", title: "Token classes"),
        Link(id: "provenance", title: "Provenance"),
      ]
    let values: [String: Any] = [
      "title": title, "lead": lead, "style": PageStyle.text, "script": PageScript.text,
      "styleSum": PagePolicy.style, "scriptSum": PagePolicy.script,
      "contents": contents.compactMap { $0 },
      "hasFacts": !facts.isEmpty, "facts": facts,
      "hasStatistics": !statistics.isEmpty, "statistics": statistics, "statisticsNote": statisticsNote,
      "tables": tables, "remarks": remarks, "hasGroups": !groups.isEmpty, "groups": groups,
      "hasFigures": !figures.isEmpty, "figures": figures, "figuresNote": figuresNote,
      "hasClasses": !classes.isEmpty, "classes": classes, "provenance": provenance, "footer": footer,
    ]
    return try PageTemplates.library().render(values, withTemplate: "page") ?? ""
  }
}
