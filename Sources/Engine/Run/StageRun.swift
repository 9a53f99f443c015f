import Plan
import Support

/// The inputs of a stage that makes an artefact from others.
package struct StageRun: Sendable {
  package let name: String
  /// Files of the artefacts it refers to, by option.
  package let files: [String: [String]]
  /// The stages that make them; nil for files that existed before.
  package let makers: [String: [PipelineGraph.Stage?]]
  /// Files of the side outputs it takes from them, by name.
  package let sideInputs: [String: String]
  /// The file of its artefact. Always set if other stages need it; nil for results that are only printed.
  package let output: String?
  package let context: RunContext
  package let meter: Meter
}

/// The result of a stage, for people and programs.
package protocol StageResult: Sendable {
  /// Plain text for a terminal.
  var table: String { get }
  var json: JSONValue { get }
}
