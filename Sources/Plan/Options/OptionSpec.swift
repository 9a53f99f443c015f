/// What an option of a stage kind is: the one description that the command line's help, the pipeline file's checks, its
/// schema and the decoding share.
public struct OptionSpec: Sendable {
  public let name: String
  /// One line, for help and schema.
  public let help: String
  public let type: OptionType
  public let isRequired: Bool
  /// Whether a list may be given.
  public let isList: Bool

  package init(_ name: String, _ help: String, _ type: OptionType = .text, required: Bool = false, list: Bool = false) {
    self.name = name
    self.help = help
    self.type = type
    isRequired = required
    isList = list
  }

  /// What a stage must make to be referred to; nil where the option refers to none.
  package var needs: Product? { if case .reference(let product, _) = type { product } else { nil } }
}
