/// Options that the command line can take.
package protocol OptionTable {
  static var options: [OptionSpec] { get }
}

/// A type with options, each a property declared by a ``Setting``.
package protocol Settings: OptionTable, Sendable {
  /// In the order of help and schema.
  static var settings: [Setting<Self>] { get }

  /// Every option at its default.
  init()

  /// Checks options against each other once all are decoded, and derives values from several of them.
  mutating func finishDecoding(_ decoder: inout OptionDecoder)
}

extension Settings {
  package static var options: [OptionSpec] { settings.flatMap(\.specs) }

  /// Decodes the options, leaving problems in the decoder.
  package init(decoding decoder: inout OptionDecoder) {
    self.init()
    for setting in Self.settings { setting.decode(&self, &decoder) }
    finishDecoding(&decoder)
  }

  /// Decodes options from the command line. Throws ``PipelineError`` with every problem.
  package init(_ options: [String: StageDescription.Option], of name: String) throws {
    let stage = StageDescription(name: name, kind: Located(name, .option(name)), options: options)
    var decoder = OptionDecoder(stage.expandingHome(Self.options), Self.options)
    self.init(decoding: &decoder)
    guard decoder.problems.isEmpty else { throw PipelineError(decoder.problems) }
  }

  package mutating func finishDecoding(_ decoder: inout OptionDecoder) {}

  /// The options that affect the result, by name.
  package var fingerprint: [String: String] {
    Self.settings.reduce(into: [:]) { $0.merge($1.fingerprint(self)) { own, _ in own } }
  }

  /// The files that options name.
  var namedFiles: [NamedFile] { Self.settings.flatMap { $0.files(self) } }

  /// Files to read.
  package var inputs: [Located<String>] { namedFiles.filter { [.file, .array].contains($0.type) }.map(\.file) }

  /// Files to write.
  package var outputs: [Located<String>] { namedFiles.filter { $0.type == .output }.map(\.file) }
}
