import Testing

@testable import Study

@Suite("Studies as text")
struct StudyTableTests {
  private func study(_ text: String, _ change: (inout StudyOptions) -> Void = { _ in }) throws -> Study {
    var options = StudyOptions()
    // Without permutations p is 1 of 1.
    (options.permutations, options.bootstrap, options.properties) = (0, 0, ["x"])
    change(&options)
    return try Study(of: try Table(csv: Array(text.utf8), file: "t.csv"), options)
  }

  /// Loss = 2x + 1, and a model without x.
  private let line = "model,kind,x,val_loss\na,p,1,3\nb,p,2,5\nc,p,4,9\nd,q,,5\n"

  /// Cells of the lines of a table for a terminal.
  private func cells(_ text: String) -> [[String]] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.split(separator: /\ {2,}/).map(String.init)
    }
  }

  @Test("For a terminal: all models, then each group, below a line that explains the numbers")
  func table() throws {
    let lines = cells(try study(line) { $0.groups = ["kind"] }.text(.table))
    let head = ["n", "R²", "95 % of R²", "r", "ρ", "slope", "p", "remarks"]
    let numbers = ["x", "3", "1.000000", "–", "1.000000", "1.000000", "2", "1"]
    #expect(lines[0] == ["val_loss over 4 models"] + head)
    #expect(lines[1] == numbers + ["1 model left out: property missing or not finite"])
    #expect(lines[2].isEmpty && lines[3] == ["kind p"] + head && lines[4] == numbers)
    #expect(lines[6].first?.hasPrefix("1 of 2 groups by kind left out") == true)
  }

  @Test("Columns that were not requested are left out")
  func columns() throws {
    let extra = cells(
      try study(line) {
        $0.holm = true
        $0.given = ["x^2"]
      }.text(.table))[0]
    #expect(extra.suffix(5) == ["p", "p (Holm)", "partial r", "p", "remarks"])
  }

  @Test("An interval has both of its ends, with three digits")
  func interval() throws {
    let found = try study(line) { $0.bootstrap = 200 }
    #expect(cells(found.text(.table))[1][3] == "1.000 … 1.000")
    #expect(found.text(.latex).hasPrefix("x & 3 & $1.000000$ & $[1.000, 1.000]$ & $1.000000$ & "))
  }

  @Test("LaTeX has one line per property, a comment per group, and a dash for undefined numbers")
  func latex() throws {
    let found = try study(line + "e,q,3,5\nf,q,4,5\n") {
      $0.groups = ["kind"]
      $0.properties = ["x", "x^2"]
      $0.given = ["x"]
    }
    let lines = found.text(.latex).split(separator: "\n")
    #expect(lines[2] == "% kind p" && lines.count == 5)
    #expect(lines[3] == #"x & 3 & $1.000000$ & -- & $1.000000$ & $1.000000$ & $1$ & -- & -- \\"#)
    #expect(lines[4].hasPrefix(#"x\^{}2 & 3 & $0."#))
    // A line break in a group's name would end the comment.
    let broken = try study("model,kind,x,val_loss\na,\"p\n& q\",1,1\nb,\"p\n& q\",2,3\nc,\"p\n& q\",3,2\n") {
      $0.groups = ["kind"]
    }
    #expect(broken.text(.latex).split(separator: "\n")[1] == "% kind p& q")
    let special = try study(line) { $0.properties = [#"\^~&%$#_{}=x"#] }.text(.latex)
    #expect(special.hasPrefix(##"\textbackslash{}\^{}\~{}\&\%\$\#\_\{\} & 3 & "##))
    // Characters that begin before the backslash, or end after it.
    let joined = try study(line) { $0.properties = ["\u{D4E}\\input{a}\\\u{301}=x"] }.text(.latex)
    #expect(joined.hasPrefix("\u{D4E}\\textbackslash{}input\\{a\\}\\textbackslash{}\u{301} & 3 & "), "\(joined)")
  }

  @Test(
    "CSV has one row per property, for all models and for each group, with a header, and undefined numbers are empty")
  func csv() throws {
    let found = try study(line + "e,\"q, r\",1,5\nf,\"q, r\",2,5\ng,\"q, r\",5,4\n") {
      $0.groups = ["kind"]
      $0.properties = ["x", "one = x^0"]
    }
    let table = try Table(csv: Array(found.text(.csv).utf8), file: "f.csv")
    func texts(_ column: String) throws -> [String?] { try table.column(column).cells.map(\.?.text) }
    #expect(try texts("by") == ["", "", "kind", "kind", "kind", "kind"])
    #expect(try texts("value") == ["", "", "p", "p", "q, r", "q, r"])
    #expect(try texts("name") == ["x", "one", "x", "one", "x", "one"] && texts("expression")[1] == "x^0")
    #expect(try table.numbers("n") == [6, 6, 3, 3, 3, 3])
    let slopes = try table.numbers("slope")
    #expect(slopes[1] == nil && abs((slopes[2] ?? 0) - 2) < 1e-14)
    // (1, 5), (2, 5), (5, 4): Σxy about the means is −7/3, Σx² is 26/3.
    #expect(abs((slopes[4] ?? 0) + 7.0 / 26) < 1e-15)
    #expect(try texts("remarks")[3] == "undefined: the property is the same for all models, or too large")
  }

  @Test("Names are escaped as each format requires")
  func texts() throws {
    let found = try study("model,x,val_loss\na,1,1\nb,3,2\nc,2,3\nd,3,5\n") {
      $0.properties = ["50 % of a_b, \"x\"=x"]
      $0.given = ["val_loss"]
    }
    let table = try Table(csv: Array(found.text(.csv).utf8), file: "f.csv")
    #expect(table.rowCount == 1)
    #expect(try table.numbers("r2") == [found.findings[0].correlation?.r2])
    #expect(try table.column("name").cells.map(\.?.text) == ["50 % of a_b, \"x\""])
    #expect(found.text(.latex).hasPrefix("50 \\% of a\\_b, \"x\" & 4 & $"))
    #expect(found.text(.latex).hasSuffix(" & -- & -- \\\\\n"))
    #expect(found.text(.table).contains("val_loss over 4 models"))
  }
}
