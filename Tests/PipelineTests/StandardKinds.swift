@testable import Pipeline

/// Pipelines of all kinds of stages, as the program has them.
extension PipelineFile {
  static func parse(_ text: String, file: String, settings: [String] = []) throws -> PipelineDescription {
    try parse(text, file: file, settings: settings, in: .standard)
  }

  static func check(text: String, file: String, settings: [String] = []) -> Checked {
    check(text: text, file: file, settings: settings, in: .standard)
  }
}

extension PipelineGraph {
  init(_ description: PipelineDescription, found: [Problem] = []) throws {
    try self.init(description, in: .standard, found: found)
  }

  init(file: String, settings: [String] = []) throws { try self.init(file: file, settings: settings, in: .standard) }
}
