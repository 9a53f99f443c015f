import ArgumentParser
import Plan
import Slurm
import Storage

struct GraphCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph",
    abstract: "Draw the stages of a pipeline file, with the files they read and write.",
    discussion: """
      EXAMPLE
        collapse graph Pipelines/quickstart.yaml
        collapse graph Pipelines/quickstart.yaml --format dot \\
          | dot -Tsvg > quickstart.svg
      """)

  @Argument(help: "The pipeline file.", completion: .file(), transform: HomeFolder.expand)
  var pipeline: String

  @Option(name: .customLong("set"), help: ArgumentHelp("Override a parameter.", valueName: "key=value"))
  var settings: [String] = []

  @Option(help: "text, dot (Graphviz) or mermaid.")
  var format = GraphFormat.text

  func run() throws {
    try Results.print(PipelineGraph(file: pipeline, settings: settings, in: standardRegistry).drawing(format))
  }
}

extension GraphFormat: ExpressibleByArgument {}
