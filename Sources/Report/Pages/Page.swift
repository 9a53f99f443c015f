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
    /// Its standard error, and the number without sampling noise, if they are known.
    var error: String?
    var corrected: String?
    /// The number under collapse, in words.
    var collapse = ""
  }

  /// What measurements say about themselves, the most important first.
  struct Remarks {
    let shown: [String]
    let others: [String]
    let othersTitle: String
    let hasOthers: Bool
    var isEmpty: Bool { shown.isEmpty }

    /// Remarks that are shown without being asked for.
    private static let most = 5

    init(_ texts: [String] = []) {
      shown = Array(texts.prefix(Self.most))
      others = Array(texts.dropFirst(Self.most))
      othersTitle = others.count == 1 ? "One more remark" : "\(others.count) more remarks"
      hasOthers = !others.isEmpty
    }

    /// Those of measurements.
    init(_ measures: JSONValue) {
      self.init((measures["remarks"]?.elements ?? []).compactMap { $0["text"]?.string })
    }
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
    // Templates treat an empty text as true, and see only stored properties.
    let hasNote: Bool
    let header: [Cell]
    let rows: [Line]

    /// A table of strings. The first column names the row; the others hold numbers, except columns in `words`.
    init(id: String = "", title: String, note: String = "", header: [String], rows: [[String]], words: Set<Int> = []) {
      func cell(_ text: String, _ column: Int) -> Cell {
        Cell(text: text, kind: column == 0 || words.contains(column) ? "" : "number")
      }
      (self.id, self.title, self.note, hasNote) = (id, title, note, !note.isEmpty)
      self.header = header.enumerated().map { cell($1, $0) }
      self.rows = rows.map { row in
        Line(name: row.first ?? "", cells: row.enumerated().dropFirst().map { cell($1, $0) })
      }
    }
  }

  var title: String
  var lead = ""
  var facts: [Entry] = []
  var findings = Remarks()
  var statistics: [MeasuresView.Section] = []
  var statisticsNote = ""
  var tables: [Table] = []
  /// Remarks on all tables.
  var remarks: [String] = []
  var groups: [Table] = []
  var figures: [DrawnFigure] = []
  var figuresNote = ""
  /// Nil if there are none.
  var classes: ClassesData?
  var provenance = [Entry(name: "report", value: "collapse \(collapseVersion)")]
  var footer = "Made by collapse \(collapseVersion). Statistics: Wu & Papyan, Linguistic Collapse, NeurIPS 2024."

  /// The HTML.
  func html() throws -> PageText {
    let contents =
      [
        findings.isEmpty ? nil : Link(id: "remarks", title: "Remarks"),
        statistics.isEmpty ? nil : Link(id: "statistics", title: "Statistics"),
      ] + tables.map { Link(id: $0.id, title: $0.title) } + [
        groups.isEmpty ? nil : Link(id: "groups", title: "Groups"),
        figures.isEmpty ? nil : Link(id: "figures", title: "Figures"),
        classes == nil ? nil : Link(id: "classes", title: "Token classes"),
        Link(id: "provenance", title: "Provenance"),
      ]
    let hasCorrected = statistics.contains { $0.rows.contains { !$0.corrected.isEmpty } }
    let values: [String: Any] = [
      "title": title, "lead": lead, "style": PageStyle.text, "script": PageScript.text,
      "styleSum": PagePolicy.style, "scriptSum": PagePolicy.script,
      "contents": contents.compactMap { $0 },
      "hasFacts": !facts.isEmpty, "facts": facts, "hasFindings": !findings.isEmpty, "findings": findings,
      "hasStatistics": !statistics.isEmpty, "statistics": statistics, "statisticsNote": statisticsNote,
      "hasCorrected": hasCorrected, "statisticsColumns": hasCorrected ? 6 : 5,
      "tables": tables, "remarks": remarks, "hasGroups": !groups.isEmpty, "groups": groups,
      "hasFigures": !figures.isEmpty, "figures": figures, "figuresNote": figuresNote,
      "hasClasses": classes != nil, "classes": PageText.gap, "provenance": provenance, "footer": footer,
    ]
    return PageText(try PageTemplates.library().render(values, withTemplate: "page") ?? "", classes)
  }
}

/// The text of a page. The table of classes, which may be large, is made while it is written.
struct PageText: Sendable {
  private let before: Substring
  private let classes: ClassesData?
  private let after: Substring

  /// Stands for the table. No other text of a page has this character.
  static let gap = "\u{0}"

  init(_ text: String, _ classes: ClassesData?) {
    let place = text.utf8.firstIndex(of: 0) ?? text.endIndex
    (before, after) = (text[..<place], text[place...].dropFirst())
    self.classes = classes
  }

  /// Calls `body` with pieces of the text, in order.
  func write(_ body: (String) throws -> Void) rethrows {
    try body(String(before))
    try classes?.write(body)
    try body(String(after))
  }

  var whole: String {
    var text = ""
    write { text += $0 }
    return text
  }
}
