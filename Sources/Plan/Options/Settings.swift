/// Options that a command line can take.
package protocol OptionTable {
  static var options: [OptionSpec] { get }
}

/// What has options, each a property that a ``Setting`` declares.
package protocol Settings: OptionTable, Sendable {
  /// In the order of help and schema.
  static var settings: [Setting<Self>] { get }

  /// Every option at its default.
  init()

  /// Checks what options say together, once each is decoded, and keeps what follows from several.
  mutating func settle(_ decoder: inout OptionDecoder)
}

extension Settings {
  package static var options: [OptionSpec] { settings.flatMap(\.specs) }

  /// Decodes the options; what is wrong with them is left in the decoder.
  package init(decoding decoder: inout OptionDecoder) {
    self.init()
    for setting in Self.settings { setting.decode(&self, &decoder) }
    settle(&decoder)
  }

  /// Decodes options as the user wrote them on the command line. Throws ``PipelineError`` with everything wrong with them.
  package init(_ options: [String: StageDescription.Option], of name: String) throws {
    var decoder = OptionDecoder(
      StageDescription(name: name, kind: Located(name, .option(name)), options: options), Self.options)
    self.init(decoding: &decoder)
    guard decoder.problems.isEmpty else { throw PipelineError(decoder.problems) }
  }

  package mutating func settle(_ decoder: inout OptionDecoder) {}

  /// What of the options decides the result, by name.
  package var recipe: [String: String] {
    Self.settings.reduce(into: [:]) { $0.merge($1.recipe(self)) { own, _ in own } }
  }

  /// The files that options name.
  var namedFiles: [NamedFile] { Self.settings.flatMap { $0.files(self) } }

  /// Files to read.
  package var inputs: [Located<String>] { namedFiles.filter { [.file, .array].contains($0.type) }.map(\.file) }

  /// Files to write.
  package var outputs: [Located<String>] { namedFiles.filter { $0.type == .output }.map(\.file) }
}
