import Plan
import Support

/// What a stage that makes an artefact of others is run with.
package struct StageRun: Sendable {
  package let name: String
  /// Files of the artefacts it refers to, by option.
  package let files: [String: [String]]
  /// The stages that make them, nil for files that were there.
  package let makers: [String: [PipelineGraph.Stage?]]
  /// Files of the side outputs that it takes of them, by name.
  package let sideInputs: [String: String]
  /// Where its artefact goes; what other stages need always has a place, other measurements may have none.
  package let output: String?
  package let context: RunContext
  package let meter: Meter
}

/// What a stage made, for people and programs.
package protocol StageResult: Sendable {
  /// Plain text for a terminal.
  var table: String { get }
  var json: JSONValue { get }
}
