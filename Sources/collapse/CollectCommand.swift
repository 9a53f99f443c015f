import ArgumentParser
import Stages

struct CollectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect",
    abstract: "Collect measurements as one table (CSV), a row each.",
    discussion: """
      Columns are the file's name and every number of the measurements, those of an object under its name: \
      nc1_cdnv_mean.

      EXAMPLE
        collapse collect 'step-*.json' --output table.csv
      """)

  @Argument(help: ArgumentHelp("Files that measure wrote, or globs in natural order (quoted).", valueName: "measures"))
  var measures: [String]

  @Option(name: .shortAndLong, help: "Where to write the table (CSV), instead of printing it.")
  var output: String?

  @OptionGroup var process: ProcessOptionGroup

  func run() async throws {
    var verb = Verb()
    verb.stage(
      CollectStage.name,
      ["measures": Verb.arguments("MEASURES", measures), "output": Verb.option("output", output)])
    let results = try await verb.run(process)
    if output == nil {
      for result in results { try Results.print(result.table) }
    }
  }
}
