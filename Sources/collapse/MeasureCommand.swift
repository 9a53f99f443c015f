import ArgumentParser
import Engine
import Stages

struct MeasureCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure",
    abstract: "Measure every statistic of neural collapse on a state.",
    discussion: """
      nc1_pinv and nc1_svd need a state accumulated with --within pooled; nc3_… need --classifier, nc4 needs \
      --decisions, nc5_… needs --ood.

      Classes are selected by --min-count, --max-count and --tokens, all of which they must meet; N and the within-class \
      scatter stay those of all samples. --bands and --types measure groups of the selected classes too, each as if its \
      classes alone had been selected.

      EXAMPLE
        collapse measure moments.h5 --classifier model.safetensors#lm_head.weight
        collapse measure moments.h5 --decisions decisions.h5 --output m.json \\
          --classes classes.csv --histograms histograms.csv
        collapse measure moments.h5 --min-count 2 --bands 10 --format table
        collapse measure moments.h5 --types --tokenizer tokenizer.json \\
          --classes classes.h5
        collapse measure moments.h5 --ood other.h5
        collapse measure moments.h5 --pairs 1e8
      """)

  @Argument(help: "A state that accumulate or merge wrote.")
  var moments: String

  @Option(help: Verb.help(MeasureStage.self, "classifier"))
  var classifier: String?

  @Option(help: Verb.help(MeasureStage.self, "decisions"))
  var decisions: String?

  @Option(help: Verb.help(MeasureStage.self, "min-count"))
  var minCount: String?

  @Option(help: Verb.help(MeasureStage.self, "max-count"))
  var maxCount: String?

  @Option(help: Verb.help(MeasureStage.self, "tokens"))
  var tokens: String?

  @Option(help: Verb.help(MeasureStage.self, "bands"))
  var bands: String?

  @Flag(help: Verb.help(MeasureStage.self, "types"))
  var types = false

  @Option(help: Verb.help(MeasureStage.self, "tokenizer"))
  var tokenizer: String?

  @Option(help: Verb.help(MeasureStage.self, "ood"))
  var ood: String?

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

  @OptionGroup var process: ProcessOptionGroup

  func run() async throws {
    var verb = Verb()
    verb.stage(
      MeasureStage.name,
      [
        "moments": Verb.arguments("MOMENTS", [moments]), "classifier": Verb.option("classifier", classifier),
        "decisions": Verb.option("decisions", decisions),
        "min-count": Verb.option("min-count", minCount), "max-count": Verb.option("max-count", maxCount),
        "tokens": Verb.option("tokens", tokens), "bands": Verb.option("bands", bands),
        "types": Verb.flag("types", types), "tokenizer": Verb.option("tokenizer", tokenizer),
        "ood": Verb.option("ood", ood), "global-mean": Verb.option("global-mean", globalMean),
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
