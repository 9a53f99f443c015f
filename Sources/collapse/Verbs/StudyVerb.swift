import ArgumentParser
import Engine
import Formats
import Plan
import Stages

enum StudyVerb: StageVerb {
  typealias Kind = StudyStage
  typealias Own = StudyFormatOption

  static let abstract = "Study how properties of models relate to their loss: R² and permutation tests."

  static let discussion = """
    A table has one row per model. It may be any CSV with a header line, the table that collect wrote, or files that \
    measure wrote. --metadata adds columns, such as val_loss, by model name.

    A property is a column or a formula: numbers, columns, + - * / ^, parentheses, log, log10, abs and sqrt. Put names \
    with characters other than letters, digits, _ and . between backquotes. By default, the properties of Table 1 of the \
    paper are studied.

    R² is that of the least-squares line of the target over the property. p is the share of shuffles of the target whose \
    R² is at least as large. With --given, partial r is the correlation of both residuals after least squares on those \
    columns; its p shuffles the target's residuals.

    EXAMPLE
      collapse study models.csv --rows '02x0768_01d*'
      collapse study table.csv --metadata runs.csv --against val_loss \\
        --property 'NC2 equiangularity=interfere_std / interfere_mean' \\
        --where 'width >= 256' --by width --given n_params,epochs --holm \\
        --output study.json
      collapse study 'step-*.json' --metadata losses.json --format latex
    """
}

/// How a study is printed.
struct StudyFormatOption: VerbOptions {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case table, json, csv, latex
  }

  @Option(help: "table, json, csv or latex; by default a table on a terminal, JSON elsewhere.")
  var format: Format?

  private var resolved: Format { format ?? (ResultFormat.standard == .table ? .table : .json) }

  var given: [String: StageDescription.Option] {
    let place = SourcePosition.option("--format")
    return resolved == .json ? [:] : ["format": .init(place, [Located(resolved.rawValue, place)])]
  }

  func show(_ results: PipelineRun.Results, isWritten: Bool) throws {
    guard !isWritten || format != nil else { return }
    for result in results {
      switch resolved {
      case .json: try Results.print(json: result.measures.text)
      case .table: try Results.print(result.table)
      case .csv, .latex: try Results.print(data: result.table)
      }
    }
  }
}
