import Support
import SystemPackage

/// Whether there is room for an output: before it is written, and when there turned out to be none.
public enum DiskRoom {
  /// The error that there is no room, where that is what `error` says: how much was needed, and how much is left.
  package static func shortage(_ path: String, _ error: Errno, bytes: Int?) -> StreamError? {
    let advice: String
    switch error {
    case .noSpace: advice = "make room, or write elsewhere"
    case .diskQuotaExceeded: advice = "remove something of yours there, ask for a larger quota, or write elsewhere"
    case .fileTooLarge:
      advice = "raise the limit on file sizes (ulimit -f), or write to a file system that has larger files"
    default: return nil
    }
    let room = TemporaryFile.room(in: AtomicFile.folder(of: path)).map { " (\(bytesInWords($0)) free)" } ?? ""
    return StreamError(
      error == .fileTooLarge ? .cannotWrite : .noRoom,
      Diagnosis(
        file: path, expected: bytes.map { "room for \(bytesInWords($0))" } ?? "room to write this file",
        found: "\(error)\(room)", advice: advice))
  }

  /// Refuses an output of `bytes` that its file system has no room for, before any of it is written.
  public static func check(_ path: String, bytes: Int) throws {
    guard let room = TemporaryFile.room(in: AtomicFile.folder(of: path)), room < bytes else { return }
    throw StreamError(
      .noRoom,
      Diagnosis(
        file: path, expected: "room for \(bytesInWords(bytes))", found: "\(bytesInWords(room)) free",
        advice: "make room, or write elsewhere"))
  }

  private static func bytesInWords(_ bytes: Int) -> String {
    bytes < 10 << 20 ? "\(bytes) bytes" : "\(bytes >> 20) MiB"
  }
}
