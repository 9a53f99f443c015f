/// What a pipeline file may hold: kinds of stages, and sections.
package struct KindRegistry: Sendable {
  package let kinds: [any StageKind.Type]
  let sections: [any PipelineSection.Type]

  package init(_ kinds: [any StageKind.Type], sections: [any PipelineSection.Type] = []) {
    (self.kinds, self.sections) = (kinds, sections)
  }

  func kind(_ name: String) -> (any StageKind.Type)? { kinds.first { $0.name == name } }

  func hasSection(_ name: String) -> Bool { sections.contains { $0.name == name } }

  /// Keys of every stage beside `uses` and the options of its kind.
  var stageKeys: [String] { ["matrix"] + sections.map { $0.name } }
}

/// Options for one way of running a pipeline. They stand at the top of a file, for all stages, or in a stage, where they
/// go before those at the top.
package protocol PipelineSection: Settings {
  /// The key of the section.
  static var name: String { get }
  /// One line for the key at the top of a file.
  static var help: String { get }
  /// One line for the section wherever it stands.
  static var summary: String { get }
}

extension PipelineSection {
  /// Decodes the section of a stage, or of the whole pipeline. An empty value is as if it were not there, so that a parameter
  /// can stand for what only some need.
  ///
  /// - Parameters:
  ///   - options: those of the stage.
  ///   - common: those at the top of the file.
  ///   - place: where the stage or the pipeline stands.
  init(
    _ options: StageDescription.Options, over common: StageDescription.Options, at place: Place,
    _ problems: inout [Problem]
  ) {
    let given = common.merging(options) { _, own in own }.filter { _, option in
      !option.values.allSatisfy(\.value.isEmpty) || option.values.isEmpty
    }
    var decoder = OptionDecoder(
      StageDescription(name: Self.name, kind: Located(Self.name, place), options: given), Self.options)
    self.init(decoding: &decoder)
    problems += decoder.problems
  }
}

extension StageDescription {
  /// What was written, by option.
  package typealias Options = [String: Option]
  /// What was written in sections, by section.
  package typealias Sections = [String: Options]
}
