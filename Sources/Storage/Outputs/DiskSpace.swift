import SystemPackage

/// Checks for disk space before an output is written, and describes the shortage if it runs out.
package enum DiskSpace {
  /// The error for a full disk, if `error` means that. It says how much space was needed and how much is left.
  package static func shortage(_ path: String, _ error: Errno, bytes: Int?) -> StreamError? {
    let advice: String
    switch error {
    case .noSpace where TemporaryFile.lacksInodes(AtomicFile.folder(of: path)):
      return StreamError(
        .noRoom, file: path, expected: "a free inode to make this file", found: "\(error) (too few inodes free)",
        advice: "remove files that are no longer needed, or write elsewhere")
    case .noSpace: advice = "make room, or write elsewhere"
    case .diskQuotaExceeded: advice = "remove some of your files there, ask for a larger quota, or write elsewhere"
    case .fileTooLarge:
      advice = "raise the limit on file sizes (ulimit -f), or write to a file system that allows larger files"
    default: return nil
    }
    let room = TemporaryFile.room(in: AtomicFile.folder(of: path)).map { " (\(bytesInWords($0)) free)" } ?? ""
    return StreamError(
      error == .fileTooLarge ? .cannotWrite : .noRoom, file: path,
      expected: bytes.map { "room for \(bytesInWords($0))" } ?? "room to write this file", found: "\(error)\(room)",
      advice: advice)
  }

  /// Throws before anything is written if the file system has no room for an output of `bytes`.
  package static func check(_ path: String, bytes: Int) throws {
    guard let room = TemporaryFile.room(in: AtomicFile.folder(of: path)), room < bytes else { return }
    throw StreamError(
      .noRoom, file: path, expected: "room for \(bytesInWords(bytes))", found: "\(bytesInWords(room)) free",
      advice: "make room, or write elsewhere")
  }

  private static func bytesInWords(_ bytes: Int) -> String {
    bytes < 10 << 20 ? "\(bytes) bytes" : "\(bytes >> 20) MiB"
  }
}
