/// Something the user wrote, and where.
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
  /// One stage's own: its artefact is named after it.
  public let name: String
  /// The name that the user wrote and that references give: the same for all stages that one matrix repeats.
  public let written: String
  public let kind: Located<String>
  /// By option name; an option given once has one element.
  public var options: [String: Option]
  /// Which of those that a matrix repeats this one is; empty where there is no matrix.
  public let values: [MatrixValue]
  /// Of what stage's stream it takes a part, and which, where it does; see ``ShardExpansion``.
  package var shard: Shard?
  /// What it says in sections; see ``PipelineSection``.
  package var sections: Sections = [:]

  /// A part of what a stage takes.
  package struct Shard: Sendable, Equatable, Codable {
    /// The name of the stage, one of its matrix.
    package let stage: String
    /// The name of it that the user wrote.
    package let written: String
    /// Which part: the name of its first file, and its rows where these are not all.
    let part: String
  }

  /// What was written for one option.
  public struct Option: Sendable, Codable {
    /// Where the key stands.
    public let place: Place
    public let values: [Located<String>]
    /// Whether these are all; values that could not be read are problems already.
    let isWhole: Bool

    public init(_ place: Place, _ values: [Located<String>]) {
      self.init(place, values, isWhole: true)
    }

    init(_ place: Place, _ values: [Located<String>], isWhole: Bool) {
      (self.place, self.values, self.isWhole) = (place, values, isWhole)
    }
  }

  public init(name: String, kind: Located<String>, options: [String: Option] = [:]) {
    self.init(name: name, written: name, kind: kind, options: options, values: [])
  }

  init(
    name: String, written: String, kind: Located<String>, options: [String: Option], values: [MatrixValue],
    shard: Shard? = nil, sections: Sections = [:]
  ) {
    (self.sections, self.shard, self.name, self.written) = (sections, shard, name, written)
    (self.kind, self.options, self.values) = (kind, options, values)
  }

  /// Whether both have the same value of each name that both are repeated over.
  func agrees(with other: StageDescription) -> Bool {
    values.allSatisfy { value in other.values.allSatisfy { $0.name != value.name || $0.value == value.value } }
  }
}

/// A pipeline as the user wrote it, each stage as often as its matrix repeats it.
public struct PipelineDescription: Sendable, Codable {
  public var name: String
  /// Where the stages stand.
  public var place = Place.option("pipeline")
  /// Values after `--set`.
  public var parameters: [String: Located<String>]
  /// In the order of the file.
  public var stages: [StageDescription]
  /// What holds for every stage, by section; see ``PipelineSection``.
  package var sections: StageDescription.Sections = [:]
  /// Names of stages of which too little could be read to check them; why is a problem already.
  var unreadable: Set<String> = []

  public init(name: String, parameters: [String: Located<String>] = [:], stages: [StageDescription]) {
    (self.name, self.parameters, self.stages) = (name, parameters, stages)
  }

  /// The parameter with a meaning of its own: the folder for every output that a stage does not place itself.
  public static let outputParameter = "out"
}
