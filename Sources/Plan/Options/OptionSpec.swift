/// The description of an option, used by pipeline checks, the schema, and command-line help.
package struct OptionSpec: Sendable {
  package let name: String
  /// One line, for help and schema.
  package let help: String
  package let type: OptionType
  package let isRequired: Bool
  /// Whether it takes a list.
  package let isList: Bool
  /// Whether it takes every instance of a stage that a matrix repeats. Otherwise its own stage is repeated too.
  let gathers: Bool
  /// Whether its value affects the result; see ``StageKind/fingerprint``.
  let changesResult: Bool
  /// How the stage kind's verb takes it.
  package let verb: VerbForm

  package init(
    _ name: String, _ help: String, _ type: OptionType = .text, required: Bool = false, list: Bool = false,
    gathers: Bool = false, changesResult: Bool? = nil, verb: VerbForm = .same
  ) {
    (self.name, self.help, self.type) = (name, help, type)
    isRequired = required
    (isList, self.gathers) = (list, gathers)
    self.changesResult = changesResult ?? type.changesResult
    self.verb = verb
  }

  /// The product a referenced stage must make; nil if the option is no reference.
  package var needs: Product? { if case .reference(let product, _) = type { product } else { nil } }

  /// Whether the verb has it. A verb gets its stream from its inputs.
  package var isOnCommandLine: Bool { !verb.isAbsent && type != .reference(.stream, orFile: false) }

  /// Whether the command line must have it.
  package var isRequiredOnCommandLine: Bool { isRequired || verb.isRequired }

  /// Its one-letter form on the command line.
  package var short: Character? { name == "output" ? "o" : nil }
}

/// How a verb takes an option, if that differs from a pipeline file.
package struct VerbForm: Sendable {
  /// Help for the verb.
  package private(set) var help: String?
  /// Its name as a positional argument.
  package private(set) var argument: String?
  /// Its default for the verb.
  package private(set) var standard: String?
  package private(set) var isRequired = false
  package private(set) var isAbsent = false

  /// The same as in a pipeline file.
  package static let same = VerbForm()
  /// Only for pipeline files.
  package static let fileOnly = VerbForm(isAbsent: true)
  /// Required by the verb.
  package static let required = VerbForm(isRequired: true)

  package static func help(_ text: String) -> VerbForm { VerbForm(help: text) }

  package static func argument(_ name: String, _ help: String, required: Bool = false) -> VerbForm {
    VerbForm(help: help, argument: name, isRequired: required)
  }

  package static func standard(_ value: String) -> VerbForm { VerbForm(standard: value) }
}
