import Foundation
import Support

/// A format that is not read here, known by how its files begin: so that an error has its name, and says how to convert it.
package struct ForeignFormat: Sendable {
  /// With its article: `a gzip file`.
  package let name: String
  /// Whether a file that begins so is one.
  let recognizes: @Sendable ([UInt8]) -> Bool
  /// Files of which a folder of this format has one.
  let inFolder: [String]
  /// How to convert a file of some name.
  package let advice: @Sendable (String) -> String

  /// - Parameters:
  ///   - magic: the bytes that every file of this format has, and nothing else has, at `place`.
  ///   - recognizes: where bytes at one place do not say it.
  init(
    _ name: String, magic: [UInt8]? = nil, at place: Int = 0, inFolder: [String] = [],
    advice: @escaping @Sendable (String) -> String, recognizes: (@Sendable ([UInt8]) -> Bool)? = nil
  ) {
    (self.name, self.inFolder, self.advice) = (name, inFolder, advice)
    self.recognizes = recognizes ?? { start in magic.map { start.dropFirst(place).starts(with: $0) } ?? false }
  }

  /// The first that recognizes a file names it.
  package static let all: [ForeignFormat] = [
    .torch, .legacyTorch, .npz, .zip, .pickle,
    .parquet, .arrow, .arrowStream, .feather, .zarr, .gguf,
    .gzip, .xz, .bzip2, .lz4, .tar,
    .gitLFS, .html,
  ]

  /// The format of a file that begins so; nil where it is none of these.
  package static func of(_ start: [UInt8]) -> ForeignFormat? { all.first { $0.recognizes(start) } }

  /// The format of a folder; nil where it is none of these.
  static func of(folder: String) -> ForeignFormat? {
    all.first { format in
      format.inFolder.contains { FileManager.default.fileExists(atPath: "\(folder)/\($0)") }
    }
  }

  /// What is wrong with a file that begins with bytes nobody expected: named where they are those of a format known here.
  ///
  /// - Parameter advice: where they are not.
  package static func diagnosis(
    file: String, position: String = "byte 0", expected: String, start: [UInt8], advice: String
  ) -> Diagnosis {
    let (bytes, format) = (hexadecimal(start.prefix(6)), of(start))
    return Diagnosis(
      file: file, position: position, expected: expected, found: format.map { "\($0.name) (\(bytes))" } ?? bytes,
      advice: format?.advice(file == "-" ? "FILE" : file) ?? advice)
  }
}
