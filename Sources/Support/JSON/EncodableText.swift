import Foundation

extension Encodable {
  /// JSON in one line, for programs: keys sorted, slashes as they are, no line break at the end.
  package func jsonLine() throws -> String { try jsonText([]) }

  /// JSON in indented lines, for people too: keys sorted, slashes as they are, a line break at the end.
  package func jsonLines() throws -> String { try jsonText(.prettyPrinted) + "\n" }

  private func jsonText(_ layout: JSONEncoder.OutputFormatting) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = layout.union([.sortedKeys, .withoutEscapingSlashes])
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
