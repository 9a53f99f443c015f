import Foundation
import Support

/// A format that is recognized but not read, so that errors can name it and say how to convert it.
package struct ForeignFormat: Sendable {
  /// The name with an article: `a gzip file`.
  package let name: String
  /// Whether a file that starts with these bytes has this format, if it holds no plain integers.
  package let recognizes: @Sendable ([UInt8]) -> Bool
  /// Whether it has this format even if the user takes it for plain integers, which may start with any few bytes.
  let isCertain: @Sendable ([UInt8]) -> Bool
  /// File names that mark a folder of this format: it contains one of them.
  let inFolder: [String]
  /// How to convert the file of the given name.
  package let advice: @Sendable (String) -> String

  /// - Parameters:
  ///   - magic: bytes at offset `place` that identify this format.
  ///   - recognizes: replaces `magic` if bytes at one offset are not enough.
  ///   - isCertain: what else must hold if that is less than four bytes of signature.
  init(
    _ name: String, magic: [UInt8]? = nil, at place: Int = 0, inFolder: [String] = [],
    advice: @escaping @Sendable (String) -> String, recognizes: (@Sendable ([UInt8]) -> Bool)? = nil,
    isCertain: (@Sendable ([UInt8]) -> Bool)? = nil
  ) {
    (self.name, self.inFolder, self.advice) = (name, inFolder, advice)
    let recognizes = recognizes ?? { start in magic.map { start.dropFirst(place).starts(with: $0) } ?? false }
    self.recognizes = recognizes
    self.isCertain = { start in recognizes(start) && isCertain?(start) ?? true }
  }

  /// All formats; the first to recognize a file wins.
  package static let all: [ForeignFormat] = [
    .torch, .legacyTorch, .npz, .zip, .pickle,
    .parquet, .arrow, .arrowStream, .feather, .zarr, .gguf, .matlab,
    .gzip, .xz, .bzip2, .lz4, .tar,
    .gitLFS, .html,
  ]

  /// The format of a file that starts with these bytes, or nil if unknown.
  package static func of(_ start: [UInt8]) -> ForeignFormat? { all.first { $0.recognizes(start) } }

  /// The format of a file that starts with these bytes, although the user takes it for plain integers; nil if it may
  /// hold them.
  package static func certain(_ start: [UInt8]) -> ForeignFormat? { all.first { $0.isCertain(start) } }

  /// The format of a folder, or nil if unknown.
  static func of(folder: String) -> ForeignFormat? {
    all.first { format in
      format.inFolder.contains { Files.exists("\(folder)/\($0)") }
    }
  }

  /// Describes a file that starts with unexpected bytes, naming its format if recognized.
  ///
  /// - Parameter advice: used if the format is not recognized.
  package static func diagnosis(
    file: String, position: String = "byte 0", expected: String, start: [UInt8], advice: String
  ) -> Diagnosis {
    let (bytes, format) = (hexadecimal(start.prefix(6)), of(start))
    return Diagnosis(
      file: file, position: position, expected: expected, found: format.map { "\($0.name) (\(bytes))" } ?? bytes,
      advice: format?.advice(file == "-" ? "FILE" : file) ?? advice)
  }
}
