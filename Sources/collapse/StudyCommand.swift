import ArgumentParser
import Engine
import Foundation
import Stages

struct StudyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study",
    abstract: "Study how properties of models go together with their loss: R², permutation tests.",
    discussion: """
      A table has a row a model: any CSV with a line of names, what collect wrote, or files that measure wrote. \
      --metadata adds columns by the models' names, such as val_loss.

      A property is a column or a formula: numbers, columns, + - * / ^, parentheses, log, log10, abs and sqrt; names with \
      other characters than letters, digits, _ and . stand between backquotes. Without --property, those of Table 1 of the \
      paper are studied.

      R² is that of the least-squares line of the target over the property; p is the share of shuffles of the target with \
      an R² as large. With --given, partial r is the correlation of what least squares on those columns leaves of both, and \
      its p shuffles what it leaves of the target.

      EXAMPLE
        collapse study models.csv --rows '02x0768_01d*'
        collapse study table.csv --metadata runs.csv --against val_loss \\
          --property 'NC2 equiangularity=interfere_std / interfere_mean' \\
          --where 'width >= 256' --by width --given n_params,epochs --holm \\
          --output study.json
        collapse study 'step-*.json' --metadata losses.json --format latex
      """)

  @Argument(help: ArgumentHelp("Tables (CSV or JSON) or measurements (JSON), or globs (quoted).", valueName: "table"))
  var tables: [String]

  @Option(help: Verb.help(StudyStage.self, "metadata"))
  var metadata: [String] = []

  @Option(help: Verb.help(StudyStage.self, "against"))
  var against: String?

  @Option(help: Verb.help(StudyStage.self, "property"))
  var property: [String] = []

  @Option(help: Verb.help(StudyStage.self, "rows"))
  var rows: [String] = []

  @Option(name: .customLong("where"), help: Verb.help(StudyStage.self, "where"))
  var conditions: [String] = []

  @Option(help: Verb.help(StudyStage.self, "name-column"))
  var nameColumn: String?

  @Option(help: Verb.help(StudyStage.self, "by"))
  var by: [String] = []

  @Option(help: Verb.help(StudyStage.self, "given"))
  var given: [String] = []

  @Option(help: Verb.help(StudyStage.self, "permutations"))
  var permutations: String?

  @Option(help: Verb.help(StudyStage.self, "bootstrap"))
  var bootstrap: String?

  @Option(help: Verb.help(StudyStage.self, "seed"))
  var seed: String?

  @Flag(help: Verb.help(StudyStage.self, "holm"))
  var holm = false

  @Option(help: Verb.help(StudyStage.self, "title"))
  var title: String?

  @Option(help: Verb.help(StudyStage.self, "threads"))
  var threads: String?

  @Option(name: .shortAndLong, help: "Where to write the study (JSON), instead of printing it.")
  var output: String?

  @Option(help: Verb.help(StudyStage.self, "csv"))
  var csv: String?

  @Option(help: Verb.help(StudyStage.self, "latex"))
  var latex: String?

  @Option(help: "table, json, csv or latex; by default a table on a terminal, JSON elsewhere.")
  var format: StudyResultFormat?

  @OptionGroup var process: ProcessOptionGroup

  func run() async throws {
    let format = format ?? (isatty(STDOUT_FILENO) == 1 ? .table : .json)
    var verb = Verb()
    verb.stage(
      StudyStage.name,
      [
        "tables": Verb.arguments("TABLE", tables), "metadata": Verb.list("metadata", metadata),
        "against": Verb.option("against", against), "property": Verb.list("property", property),
        "rows": Verb.list("rows", rows), "where": Verb.list("where", conditions),
        "name-column": Verb.option("name-column", nameColumn), "by": Verb.list("by", by),
        "given": Verb.list("given", given), "permutations": Verb.option("permutations", permutations),
        "bootstrap": Verb.option("bootstrap", bootstrap), "seed": Verb.option("seed", seed),
        "holm": Verb.flag("holm", holm), "title": Verb.option("title", title),
        "threads": Verb.option("threads", threads), "output": Verb.option("output", output),
        "csv": Verb.option("csv", csv), "latex": Verb.option("latex", latex),
        "format": format == .json ? nil : Verb.option("format", format.rawValue),
      ])
    let results = try await verb.run(process)
    guard output == nil || self.format != nil else { return }
    for result in results { try Results.print(format == .json ? result.measures.text : result.table) }
  }
}

/// How a study is printed.
enum StudyResultFormat: String, CaseIterable, ExpressibleByArgument {
  case table, json, csv, latex
}
