/// What an option of a stage kind is: the one description that the command line's help, the pipeline file's checks and
/// the decoding share.
public struct OptionSpec: Sendable {
  public let name: String
  /// One line, for help and schema.
  public let help: String
  public let isRequired: Bool
  /// Whether a list may be given.
  public let isList: Bool

  init(_ name: String, _ help: String, required: Bool = false, list: Bool = false) {
    self.name = name
    self.help = help
    isRequired = required
    isList = list
  }
}
