import ArgumentParser
import Plan
import Slurm

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of pipeline files, for editors.",
    discussion: """
      An editor with the YAML language server completes and checks a pipeline file whose first line is
      # yaml-language-server: $schema=pipeline.schema.json

      EXAMPLE
        collapse schema > pipeline.schema.json
      """)

  func run() throws { try Results.print(PipelineSchema(standardRegistry).json.text) }
}
