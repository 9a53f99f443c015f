import ArgumentParser
import Pipeline

struct MeasureCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure",
    abstract: "Measure every statistic of neural collapse on a state.",
    discussion: """
      nc1_pinv and nc1_svd need a state accumulated with --within pooled; nc3_… need --classifier.

      EXAMPLE
        collapse measure moments.h5 --classifier model.safetensors#lm_head.weight
        collapse measure moments.h5 --output m.json --classes classes.csv --histograms histograms.csv
        collapse measure moments.h5 --pairs 1e8
      """)

  @Argument(help: "A state that accumulate or merge wrote.")
  var moments: String

  @Option(help: Verb.help(MeasureStage.self, "classifier"))
  var classifier: String?

  @Option(help: Verb.help(MeasureStage.self, "min-count"))
  var minCount: String?

  @Option(help: Verb.help(MeasureStage.self, "global-mean"))
  var globalMean: String?

  @Option(help: Verb.help(MeasureStage.self, "pairs"))
  var pairs: String?

  @Option(help: Verb.help(MeasureStage.self, "seed"))
  var seed: String?

  @Option(help: Verb.help(MeasureStage.self, "threads"))
  var threads: String?

  @Option(name: .shortAndLong, help: "Where to write the measurements (JSON), instead of printing them.")
  var output: String?

  @Option(help: Verb.help(MeasureStage.self, "classes"))
  var classes: String?

  @Option(help: Verb.help(MeasureStage.self, "histograms"))
  var histograms: String?

  @OptionGroup var format: FormatOption

  @OptionGroup(title: "Among others") var process: ProcessOptionGroup

  func run() async throws {
    var verb = Verb()
    verb.stage(
      MeasureStage.name,
      [
        "moments": Verb.arguments("MOMENTS", [moments]), "classifier": Verb.option("classifier", classifier),
        "min-count": Verb.option("min-count", minCount), "global-mean": Verb.option("global-mean", globalMean),
        "threads": Verb.option("threads", threads), "output": Verb.option("output", output),
        "classes": Verb.option("classes", classes), "histograms": Verb.option("histograms", histograms),
        "pairs": Verb.option("pairs", pairs), "seed": Verb.option("seed", seed),
      ])
    let results = try await verb.run(process)
    if output == nil || format.format != nil {
      for result in results { try format.print(table: result.table, json: result.measures) }
    }
  }
}
