import ArgumentParser
import Pipeline

struct MeasureCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure",
    abstract: "Measure every statistic of neural collapse on a state.",
    discussion: """
      nc1_pinv and nc1_svd need a state accumulated with --within pooled; nc3_… need --classifier; nc4 needs --decisions.

      EXAMPLE
        collapse measure moments.h5 --classifier model.safetensors#lm_head.weight
        collapse measure moments.h5 --decisions decisions.h5 --output m.json --classes classes.csv
      """)

  @Argument(help: "A state that accumulate or merge wrote.")
  var moments: String

  @Option(help: Verb.help(MeasureStage.self, "classifier"))
  var classifier: String?

  @Option(help: Verb.help(MeasureStage.self, "decisions"))
  var decisions: String?

  @Option(help: Verb.help(MeasureStage.self, "min-count"))
  var minCount: String?

  @Option(help: Verb.help(MeasureStage.self, "global-mean"))
  var globalMean: String?

  @Option(help: Verb.help(MeasureStage.self, "threads"))
  var threads: String?

  @Option(name: .shortAndLong, help: "Where to write the measurements (JSON), instead of printing them.")
  var output: String?

  @Option(help: Verb.help(MeasureStage.self, "classes"))
  var classes: String?

  @OptionGroup var format: FormatOption

  func run() async throws {
    var verb = Verb()
    verb.stage(
      MeasureStage.name,
      [
        "moments": Verb.arguments("MOMENTS", [moments]), "classifier": Verb.option("classifier", classifier),
        "decisions": Verb.option("decisions", decisions),
        "min-count": Verb.option("min-count", minCount), "global-mean": Verb.option("global-mean", globalMean),
        "threads": Verb.option("threads", threads), "output": Verb.option("output", output),
        "classes": Verb.option("classes", classes),
      ])
    let results = try await verb.run()
    if output == nil || format.format != nil {
      for result in results { try format.print(table: result.table, json: result.measures) }
    }
  }
}
