/// Formats that other files are packed in, and what stands in the place of a file that was not fetched.
extension ForeignFormat {
  static let gzip = compressed("a gzip file", "gzip") { $0.starts(with: [0x1F, 0x8B]) }

  static let xz = compressed("an xz file", "xz") { $0.starts(with: [0xFD] + Array("7zXZ\0".utf8)) }

  static let bzip2 = compressed("a bzip2 file", "bzip2") { start in
    start.starts(with: "BZh".utf8) && start.count > 3 && (0x31...0x39).contains(start[3])
  }

  static let lz4 = compressed("an lz4 file", "lz4") { $0.starts(with: [0x04, 0x22, 0x4D, 0x18]) }

  private static func compressed(
    _ name: String, _ tool: String, _ recognizes: @escaping @Sendable ([UInt8]) -> Bool
  ) -> ForeignFormat {
    ForeignFormat(name) { file in
      "decompress it into a file, \(tool) -dc \(file) > OTHER, or a stream into a pipe, \(tool) -dc \(file) | collapse … -"
    } recognizes: {
      recognizes($0)
    }
  }

  static let zip = ForeignFormat("a zip file") { file in
    "take the files out of it, and name these: unzip \(file)"
  } recognizes: { start in
    start.starts(with: [0x50, 0x4B, 0x03, 0x04])
  }

  static let tar = ForeignFormat("a tar archive") { file in
    "take the files out of it, and name these: tar -xf \(file)"
  } recognizes: { start in
    start.dropFirst(257).starts(with: "ustar".utf8)
  }

  static let gitLFS = ForeignFormat("a Git LFS pointer") { file in
    "fetch the file that it stands for: git lfs pull --include \(file)"
  } recognizes: { start in
    start.starts(with: "version https://git-lfs".utf8)
  }

  static let html = ForeignFormat("an HTML page") { _ in
    "download the file, not the page about it: on Hugging Face, with /resolve/ in place of /blob/"
  } recognizes: { start in
    let text = String(decoding: start, as: UTF8.self).drop { $0.isWhitespace || $0 == "\u{FEFF}" }.lowercased()
    return ["<!doctype html", "<html"].contains { text.hasPrefix($0) }
  }
}
