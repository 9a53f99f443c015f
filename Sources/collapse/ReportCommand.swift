import ArgumentParser
import Stages

struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Make an HTML report of measurements, or of a study.",
    discussion: """
      One file that needs no network, with figures, every statistic, and a table of token classes to search and sort. \
      Each figure is also written as SVG, and its data as CSV, into a folder beside the report. Several files of \
      measurements are set side by side: a table of all statistics, and a figure of each headline statistic by model. \
      Figures of an earlier run that the report makes no more are removed from that folder.

      Figures are drawn by gnuplot (Debian's package gnuplot-nox).

      EXAMPLE
        collapse report m.json --classes classes.csv \\
          --histograms histograms.csv --output report.html
        collapse report m.json --timeline moments.timeline.csv \\
          --output report.html
        collapse report small.json large.json --output both.html
        collapse report study.json --output study.html
      """)

  @Argument(
    help: ArgumentHelp("Files that measure wrote, or the one that study wrote.", valueName: "measures"))
  var measures: [String]

  @Option(name: .shortAndLong, help: Verb.help(ReportStage.self, "output"))
  var output: String

  @Option(help: "The table of token classes that measure wrote (CSV or HDF5).")
  var classes: String?

  @Option(help: "The histograms that measure wrote (CSV).")
  var histograms: String?

  @Option(help: "The timeline that accumulate wrote with --measure-every (CSV).")
  var timeline: String?

  @Option(help: Verb.help(ReportStage.self, "tokens"))
  var tokens: String?

  @Option(help: Verb.help(ReportStage.self, "title"))
  var title: String?

  @Option(help: Verb.help(ReportStage.self, "figures"))
  var figures: String?

  @OptionGroup var process: ProcessOptionGroup

  func run() async throws {
    var verb = Verb()
    verb.stage(
      ReportStage.name,
      [
        "measures": Verb.arguments("MEASURES", measures), "output": Verb.option("output", output),
        "classes": Verb.option("classes", classes), "histograms": Verb.option("histograms", histograms),
        "timeline": Verb.option("timeline", timeline), "tokens": Verb.option("tokens", tokens),
        "title": Verb.option("title", title), "figures": Verb.option("figures", figures),
      ])
    _ = try await verb.run(process)
  }
}
