/// What is told of an option: the pipeline file's checks, its schema, and the command line's help come from it.
public struct OptionSpec: Sendable {
  public let name: String
  /// One line, for help and schema.
  public let help: String
  public let type: OptionType
  public let isRequired: Bool
  /// Whether a list may be given.
  public let isList: Bool
  /// Whether another value gives another result; see ``StageKind/recipe``.
  let changesResult: Bool
  /// How the verb of a stage kind takes it.
  package let verb: VerbForm

  package init(
    _ name: String, _ help: String, _ type: OptionType = .text, required: Bool = false, list: Bool = false,
    changesResult: Bool? = nil, verb: VerbForm = .same
  ) {
    (self.name, self.help, self.type) = (name, help, type)
    isRequired = required
    isList = list
    self.changesResult = changesResult ?? type.changesResult
    self.verb = verb
  }

  /// What a stage must make to be referred to; nil where the option refers to none.
  package var needs: Product? { if case .reference(let product, _) = type { product } else { nil } }

  /// Whether the verb of the stage kind has it. A verb has a stream by its inputs.
  package var isOnCommandLine: Bool { !verb.isAbsent && type != .reference(.stream, orFile: false) }

  /// Whether the command line must have it.
  package var isRequiredOnCommandLine: Bool { isRequired || verb.isRequired }

  /// The one letter that stands for it on the command line.
  package var short: Character? { name == "output" ? "o" : nil }
}

/// How the verb of a stage kind takes an option, where that differs from a pipeline file.
package struct VerbForm: Sendable {
  /// Its help there.
  package private(set) var help: String?
  /// What it is called as a positional argument.
  package private(set) var argument: String?
  /// Its value where it is left out.
  package private(set) var standard: String?
  package private(set) var isRequired = false
  package private(set) var isAbsent = false

  /// No differently.
  package static let same = VerbForm()
  /// Pipeline files alone have it.
  package static let fileOnly = VerbForm(isAbsent: true)
  /// The verb must have it.
  package static let required = VerbForm(isRequired: true)

  package static func help(_ text: String) -> VerbForm { VerbForm(help: text) }

  package static func argument(_ name: String, _ help: String, required: Bool = false) -> VerbForm {
    VerbForm(help: help, argument: name, isRequired: required)
  }

  package static func standard(_ value: String) -> VerbForm { VerbForm(standard: value) }
}
