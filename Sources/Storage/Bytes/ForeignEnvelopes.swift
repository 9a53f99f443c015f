/// Formats that wrap other files, and placeholders for files that were not fetched.
extension ForeignFormat {
  static let gzip = ForeignFormat(
    "a gzip file", magic: [0x1F, 0x8B], advice: unpacking("gzip"),
    // Deflate, no reserved flags, a known speed and a known system.
    isCertain: { start in
      start.count > 9 && start[2] == 8 && start[3] & 0xE0 == 0 && [0, 2, 4].contains(start[8])
        && (start[9] < 14 || start[9] == 0xFF)
    })

  static let xz = ForeignFormat("an xz file", magic: [0xFD] + Array("7zXZ\0".utf8), advice: unpacking("xz"))

  static let bzip2 = ForeignFormat("a bzip2 file", advice: unpacking("bzip2")) { start in
    start.starts(with: "BZh".utf8) && start.count > 3 && (0x31...0x39).contains(start[3])
  } isCertain: { start in
    // A block, or the end.
    start.dropFirst(4).starts(with: [0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
      || start.dropFirst(4).starts(with: [0x17, 0x72, 0x45, 0x38, 0x50, 0x90])
  }

  static let lz4 = ForeignFormat("an lz4 file", magic: [0x04, 0x22, 0x4D, 0x18], advice: unpacking("lz4"))

  private static func unpacking(_ tool: String) -> @Sendable (String) -> String {
    { file in
      "decompress it to a file, \(tool) -dc \(file) > OTHER, or a stream to a pipe, \(tool) -dc \(file) | collapse … -"
    }
  }

  static let zip = ForeignFormat("a zip file", magic: [0x50, 0x4B, 0x03, 0x04]) { file in
    "extract the files and name those: unzip \(file)"
  }

  package static let tar = ForeignFormat("a tar archive", magic: Array("ustar".utf8), at: 257) { file in
    "extract the files and name those: tar -xf \(file)"
  }

  static let gitLFS = ForeignFormat("a Git LFS pointer", magic: Array("version https://git-lfs".utf8)) { file in
    // A path would count from the top of the repository; a name is found in any folder of it.
    let parts = file.split(separator: "/")
    let folder = file.dropLast(parts.last?.count ?? 0)
    let moving = folder.isEmpty ? "" : "cd \(folder) && "
    return "fetch the file that it points to: \(moving)git lfs pull --include \(parts.last ?? "")"
  }

  static let html = ForeignFormat("an HTML page") { _ in
    "download the file, not the page about it: on Hugging Face, use /resolve/ instead of /blob/"
  } recognizes: { start in
    let text = String(decoding: start, as: UTF8.self).drop { $0.isWhitespace || $0 == "\u{FEFF}" }.lowercased()
    return ["<!doctype html", "<html"].contains { text.hasPrefix($0) }
  }
}
