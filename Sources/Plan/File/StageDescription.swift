/// A value with the place where the user wrote it.
package struct Located<Value: Sendable>: Sendable {
  package let value: Value
  package let place: SourcePosition

  package init(_ value: Value, _ place: SourcePosition) {
    (self.value, self.place) = (value, place)
  }
}

extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}
extension Located: Codable where Value: Codable {}

/// One stage: a name, a kind, and options as text.
package struct StageDescription: Sendable, Codable {
  /// Unique to this stage. Its artefact is named after it.
  package let name: String
  /// The name that the user wrote and that references use. All instances of one matrix share it.
  package let written: String
  package let kind: Located<String>
  /// By option name; an option given once has one element.
  package var options: [String: Option]
  /// The matrix values of this instance; empty without a matrix.
  package let values: [MatrixValue]
  /// The shard of a stream that this stage takes, if any; see ``ShardExpansion``.
  package var shard: Shard?
  /// Its own sections; see ``PipelineSection``.
  package var sections: Sections = [:]

  /// One shard of a stage's stream.
  package struct Shard: Sendable, Equatable, Codable {
    /// The name of the sharded stage instance.
    package let stage: String
    /// The name that the user wrote for that stage.
    package let written: String
    /// The part: the name of its first file, plus its rows if it has only some of them.
    let part: String
    /// Whether it is no shard of the stream, but all of it, from which one stage makes states that are merged later.
    var isAllParts: Bool { part == Self.allParts }

    /// The name of all parts. Names of files and of their rows have a dot or a colon.
    static let allParts = "parts"
  }

  /// One option as written.
  package struct Option: Sendable, Codable {
    /// Position of the key.
    package let place: SourcePosition
    package let values: [Located<String>]
    /// False if some values could not be read. Those are already reported as problems.
    let isWhole: Bool

    package init(_ place: SourcePosition, _ values: [Located<String>], isWhole: Bool = true) {
      (self.place, self.values, self.isWhole) = (place, values, isWhole)
    }
  }

  /// - Parameter written: the name the user wrote; by default `name`, for a stage that is not repeated.
  package init(
    name: String, written: String? = nil, kind: Located<String>, options: [String: Option] = [:],
    values: [MatrixValue] = [], shard: Shard? = nil, sections: Sections = [:]
  ) {
    (self.sections, self.shard, self.name, self.written) = (sections, shard, name, written ?? name)
    (self.kind, self.options, self.values) = (kind, options, values)
  }

  /// Whether both stages have the same value for every matrix name they share.
  func agrees(with other: StageDescription) -> Bool {
    values.allSatisfy { value in other.values.allSatisfy { $0.name != value.name || $0.value == value.value } }
  }
}

/// A pipeline as the user wrote it, with each stage repeated over its matrix.
package struct PipelineDescription: Sendable, Codable {
  package var name: String
  /// Position of the stages.
  package var place = SourcePosition.option("pipeline")
  /// Values after applying `--set`.
  package var parameters: [String: Located<String>]
  /// In file order.
  package var stages: [StageDescription]
  /// Sections that apply to every stage; see ``PipelineSection``.
  package var sections: StageDescription.Sections = [:]
  /// Names of stages that could not be read well enough to check. The reasons are already reported.
  var unreadable: Set<String> = []

  package init(name: String, parameters: [String: Located<String>] = [:], stages: [StageDescription]) {
    (self.name, self.parameters, self.stages) = (name, parameters, stages)
  }

  /// The one parameter with a fixed meaning: the folder for every output that a stage does not place itself.
  package static let outputParameter = "out"
}
