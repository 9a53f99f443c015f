/// The stage kinds and sections that a pipeline file may contain.
package struct KindRegistry: Sendable {
  package let kinds: [any StageKind.Type]
  let sections: [any PipelineSection.Type]

  package init(_ kinds: [any StageKind.Type], sections: [any PipelineSection.Type] = []) {
    (self.kinds, self.sections) = (kinds, sections)
  }

  func kind(_ name: String) -> (any StageKind.Type)? { kinds.first { $0.name == name } }

  func hasSection(_ name: String) -> Bool { sections.contains { $0.name == name } }

  /// Keys that every stage accepts, apart from `uses` and the options of its kind.
  var stageKeys: [String] { ["matrix"] + sections.map { $0.name } }
}

/// Options for one way of running a pipeline. At the top of a file they apply to all stages; in a stage they override
/// those at the top.
package protocol PipelineSection: Settings {
  /// The key of the section.
  static var name: String { get }
  /// One line of help for the key at the top of a file.
  static var help: String { get }
  /// One line of help for the section, at the top or in a stage.
  static var summary: String { get }

  /// The texts that a shell or another program interprets.
  var commands: [PipelineCommand] { get }
}

extension PipelineSection {
  /// Decodes the section of a stage, or of the whole pipeline. An empty value counts as absent, so that a parameter can
  /// fill an option that only some users need.
  ///
  /// - Parameters:
  ///   - options: the stage's own options.
  ///   - common: options at the top of the file.
  ///   - place: position of the stage or the pipeline.
  init(
    _ options: StageDescription.Options, over common: StageDescription.Options, at place: SourcePosition,
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
  /// Options as written, by name.
  package typealias Options = [String: Option]
  /// Sections as written, by name.
  package typealias Sections = [String: Options]
}
