import Foundation

extension Encodable {
  /// JSON on one line, for programs: keys sorted, slashes not escaped, no final newline.
  package func jsonLine() throws -> String { try jsonText([]) }

  /// Indented JSON, readable for people too: keys sorted, slashes not escaped, with a final newline.
  package func jsonLines() throws -> String { try jsonText(.prettyPrinted) + "\n" }

  private func jsonText(_ layout: JSONEncoder.OutputFormatting) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = layout.union([.sortedKeys, .withoutEscapingSlashes])
    return VisibleText.json(String(decoding: try encoder.encode(self), as: UTF8.self))
  }
}
