import Support

/// Formats that people keep arrays in and that are not read here, known by a file's first bytes: so that an error has their
/// name, and says what opens them.
package enum ForeignFormat: String, CaseIterable {
  case gzip, xz, bzip2, lz4, zip

  /// The format of a file that starts so; nil where it is none of these.
  package init?(_ start: some Sequence<UInt8>) {
    guard let format = Self.allCases.first(where: { start.starts(with: $0.magic) }) else { return nil }
    self = format
  }

  private var magic: [UInt8] {
    switch self {
    case .gzip: [0x1F, 0x8B]
    case .xz: [0xFD] + Array("7zXZ".utf8) + [0x00]
    case .bzip2: Array("BZh".utf8)
    case .lz4: [0x04, 0x22, 0x4D, 0x18]
    case .zip: Array("PK".utf8) + [0x03, 0x04]
    }
  }

  /// What may be read in place of the file.
  package enum Remedy { case pipe, file }

  private func advice(_ name: String, _ remedy: Remedy) -> String {
    switch (self, remedy) {
    case (.zip, .pipe): "save what is in it (numpy.load opens .npz) one array after another with numpy.save"
    case (.zip, .file): "take what is in it out into a file of the right kind"
    case (_, .pipe) where name == "-": "put \(rawValue) -dc before it in the pipe"
    case (_, .pipe): "decompress it into a pipe: \(rawValue) -dc \(name) | collapse … -; or compress it with zstd"
    case (_, .file): "decompress it into a file with \(rawValue) -d"
    }
  }

  /// What is wrong with a file that starts with bytes nobody expected: named where they are those of a format known here.
  ///
  /// - Parameter advice: where they are not.
  package static func diagnosis(
    file: String, expected: String, start: some Sequence<UInt8>, remedy: Remedy = .pipe, advice: String
  ) -> Diagnosis {
    let (bytes, format) = (hexadecimal(start), ForeignFormat(start))
    return Diagnosis(
      file: file, position: "byte 0", expected: expected,
      found: format.map { "\($0 == .xz || $0 == .lz4 ? "an" : "a") \($0.rawValue) file (\(bytes))" } ?? bytes,
      advice: format?.advice(file, remedy) ?? advice)
  }
}
