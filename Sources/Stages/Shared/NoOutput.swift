import Plan

extension Problem {
  /// A stage makes a file, but no option says where to put it.
  static func noOutput(_ kind: String, _ place: SourcePosition) -> Problem {
    Problem(
      place, "expected an output file for \(kind), found none", advice: "add output: FILE, or out: FOLDER to parameters"
    )
  }
}
