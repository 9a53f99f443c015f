import Plan
import Slurm

/// Pipelines with all kinds of stages, as in the program.
package enum StandardKinds {
  package static func parse(_ text: String, file: String, settings: [String] = []) throws -> PipelineDescription {
    let (description, problems) = check(text: text, file: file, settings: settings)
    guard problems.isEmpty else { throw PipelineError(problems) }
    return description
  }

  package static func check(text: String, file: String, settings: [String] = []) -> PipelineFile.Checked {
    PipelineFile.check(text: text, file: file, settings: settings, in: standardRegistry)
  }

  package static func graph(_ description: PipelineDescription, found: [Problem] = []) throws -> PipelineGraph {
    try PipelineGraph(description, in: standardRegistry, found: found)
  }

  package static func graph(file: String, settings: [String] = []) throws -> PipelineGraph {
    try PipelineGraph(file: file, settings: settings, in: standardRegistry)
  }
}
