import Plan

extension Problem {
  /// A stage of that kind makes a file, and nobody says where.
  static func nowhere(_ kind: String, _ place: Place) -> Problem {
    Problem(
      place, "expected a place for what \(kind) makes", advice: "add output: FILE, or out: FOLDER to parameters"
    )
  }
}
