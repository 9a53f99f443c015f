import Stages

extension StageKinds {
  /// Every stage kind with its options, for the help of `run`.
  static var help: String {
    all.map { kind in
      let options = kind.options.map { "    \($0.name)\($0.isRequired ? " (required)" : ""): \($0.help)" }
      return (["  \(kind.name): \(kind.summary)"] + options).joined(separator: "\n")
    }.joined(separator: "\n")
  }
}
