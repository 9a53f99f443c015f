/// A value with the place where the user wrote it.
public struct Located<Value: Sendable>: Sendable {
  public let value: Value
  public let place: Place

  public init(_ value: Value, _ place: Place) {
    (self.value, self.place) = (value, place)
  }
}

extension Located: Equatable where Value: Equatable {}
extension Located: Codable where Value: Codable {}

/// One stage: a name, a kind, and options as text.
public struct StageDescription: Sendable, Codable {
  /// Unique to this stage. Its artefact is named after it.
  public let name: String
  /// The name that the user wrote and that references use. All instances of one matrix share it.
  public let written: String
  public let kind: Located<String>
  /// By option name; an option given once has one element.
  public var options: [String: Option]
  /// The matrix values of this instance; empty without a matrix.
  public let values: [MatrixValue]
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
  }

  /// One option as written.
  public struct Option: Sendable, Codable {
    /// Position of the key.
    public let place: Place
    public let values: [Located<String>]
    /// False if some values could not be read. Those are already reported as problems.
    let isWhole: Bool

    public init(_ place: Place, _ values: [Located<String>], isWhole: Bool = true) {
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
public struct PipelineDescription: Sendable, Codable {
  public var name: String
  /// Position of the stages.
  public var place = Place.option("pipeline")
  /// Values after applying `--set`.
  public var parameters: [String: Located<String>]
  /// In file order.
  public var stages: [StageDescription]
  /// Sections that apply to every stage; see ``PipelineSection``.
  package var sections: StageDescription.Sections = [:]
  /// Names of stages that could not be read well enough to check. The reasons are already reported.
  var unreadable: Set<String> = []

  public init(name: String, parameters: [String: Located<String>] = [:], stages: [StageDescription]) {
    (self.name, self.parameters, self.stages) = (name, parameters, stages)
  }

  /// The one parameter with a fixed meaning: the folder for every output that a stage does not place itself.
  public static let outputParameter = "out"
}
