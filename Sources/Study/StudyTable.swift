import Foundation
import Support

/// How a study is written as text.
package enum StudyFormat: String, Sendable, CaseIterable {
  /// For a terminal.
  case table
  case csv
  /// Rows of a tabular environment.
  case latex
}

extension Study {
  package func text(_ format: StudyFormat) -> String {
    switch format {
    case .table: plain
    case .csv: csv
    case .latex: latex
    }
  }

  /// All models, then each group.
  private var parts: [(group: Group?, findings: [Finding])] {
    [(nil, findings)] + groups.map { ($0, $0.findings) }
  }

  private var plain: String {
    let sections = parts.map { part in
      let whole = "\(options.target) over \(models.count) models" + (options.isWeighted ? ", weighted" : "")
      let title = part.group.map { "\($0.column) \($0.value)" } ?? whole
      let interval = "\(Int((Bootstrap.level * 100).rounded())) % of R²"
      var lines = [[title, "n", "R²", interval, "r", "ρ", "slope", "p", "p (Holm)", "partial r", "p", "remarks"]]
      lines += part.findings.map { finding in
        let bounds = finding.interval.map { "\(Self.short($0.r2.lowerBound)) … \(Self.short($0.r2.upperBound))" }
        let correlation = finding.correlation
        return [
          finding.property.name, "\(finding.n)", Self.fixed(correlation?.r2), bounds ?? "–",
          Self.fixed(correlation?.pearson), Self.fixed(correlation?.spearman), Self.significant(correlation?.slope),
          Self.significant(finding.p), Self.significant(finding.adjustedP), Self.fixed(finding.partial),
          Self.significant(finding.partialP), finding.remarks.joined(separator: "; "),
        ]
      }
      let kept = lines[0].indices.filter { column in
        (options.holm || column != 8) && (!options.given.isEmpty || (column != 9 && column != 10))
      }
      return TextTable(lines.map { line in kept.map { line[$0] } }, rightAligned: 1...(kept.count - 2)).text + "\n"
    }
    return (sections + (remarks.isEmpty ? [] : [remarks.map(VisibleText.line).joined(separator: "\n") + "\n"])).joined(
      separator: "\n")
  }

  private var csv: String {
    let names = findings.first?.numbers.map(\.name) ?? []
    let header = (["by", "value", "name", "expression", "n"] + names + ["remarks"]).joined(separator: ",")
    let lines = parts.flatMap { part in
      part.findings.map { finding in
        let texts = [part.group?.column ?? "", part.group?.value ?? ""].map { $0.isEmpty ? "" : CSVField.text($0) }
        let named = [finding.property.name, finding.property.expression.text].map(CSVField.text)
        let numbers = finding.numbers.map { $0.value.map { "\($0)" } ?? "" }
        let remarks = finding.remarks.joined(separator: "; ")
        return (texts + named + ["\(finding.n)"] + numbers + [remarks.isEmpty ? "" : CSVField.text(remarks)])
          .joined(separator: ",")
      }
    }
    return ([header] + lines).map { $0 + "\n" }.joined()
  }

  /// Property, n, R², its interval, r, ρ and p; if requested, p (Holm), and partial r with its p.
  private var latex: String {
    (options.isWeighted ? "% weighted by 1/variance of each property\n" : "") + rows
  }

  private var rows: String {
    parts.map { part in
      let group = part.group.map { "% \($0.column) \($0.value)".filter { !$0.isNewline } + "\n" } ?? ""
      return group
        + part.findings.map { finding in
          let bounds = finding.interval.map { "[\(Self.short($0.r2.lowerBound)), \(Self.short($0.r2.upperBound))]" }
          let corrected = options.holm ? [Self.significant(finding.adjustedP)] : []
          let partial =
            options.given.isEmpty ? [] : [Self.fixed(finding.partial), Self.significant(finding.partialP)]
          let cells =
            [Self.fixed(finding.correlation?.r2), bounds ?? "–", Self.fixed(finding.correlation?.pearson)]
            + [Self.fixed(finding.correlation?.spearman), Self.significant(finding.p)] + corrected + partial
          return ([Self.escaped(finding.property.name), "\(finding.n)"] + cells.map { $0 == "–" ? "--" : "$\($0)$" })
            .joined(separator: " & ") + " \\\\\n"
        }.joined()
    }.joined()
  }

  private static func fixed(_ number: Double?) -> String { number.map { String(format: "%.6f", $0) } ?? "–" }

  private static func short(_ number: Double) -> String { String(format: "%.3f", number) }

  private static func significant(_ number: Double?) -> String { number.map { String(format: "%.4g", $0) } ?? "–" }

  /// Escapes a text for LaTeX. Works on scalars: a backslash after a mark that joins it is still a command.
  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "\\": "\\textbackslash{}"
      case "^": "\\^{}"
      case "~": "\\~{}"
      case "&", "%", "$", "#", "_", "{", "}": "\\\(scalar)"
      case "\u{0}"..<"\u{20}", "\u{7F}": " "
      default: String(scalar)
      }
    }.joined()
  }
}
