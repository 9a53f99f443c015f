import Plan

extension [String] {
  /// The only file, for an option of the stage `name` that takes exactly one.
  func only(_ what: String, of name: String, _ place: SourcePosition, advice: String) throws -> String {
    guard let file = first, count == 1 else {
      throw PipelineError([Problem(place, "expected one \(what) for “\(name)”, found \(count)", advice: advice)])
    }
    return file
  }
}
