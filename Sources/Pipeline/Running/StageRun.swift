import Support

/// What a stage that makes an artefact of others is run with.
struct StageRun: Sendable {
  let name: String
  /// Files of the artefacts it refers to, by option.
  let files: [String: [String]]
  /// The stages that make them, nil for files that were there.
  let makers: [String: [PipelineGraph.Stage?]]
  /// Files of the side outputs that it takes of them, by name.
  let sideInputs: [String: String]
  /// Where its artefact goes; what other stages need always has a place, other measurements may have none.
  let output: String?
  let context: RunContext
  let meter: Meter
}

/// What a stage made, for people and programs.
protocol StageResult: Sendable {
  /// Plain text for a terminal.
  var table: String { get }
  var json: JSONValue { get }
}
