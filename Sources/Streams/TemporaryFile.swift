import Embeddings
import Foundation
import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Files and folders for the time of a run.
public enum TemporaryFile {
  /// Where they are made: `TMPDIR`, else the system's choice.
  static var directory: String {
    ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
  }

  /// A file of no name, for the owner alone; it is gone when it is closed, or when the process dies.
  static func unnamed() throws -> FileDescriptor {
    var template = Array((directory + "/collapse-XXXXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw Errno(rawValue: errno) }
    unlink(template)
    return FileDescriptor(rawValue: descriptor)
  }

  /// Makes a folder for the owner alone, under a name that cannot be foreseen; the caller removes it.
  public static func folder() throws -> String {
    var template = Array((directory + "/collapse-XXXXXXXX").utf8CString)
    guard let made = mkdtemp(&template) else {
      throw StreamError(
        .cannotWrite,
        Diagnosis(
          file: directory, expected: "to make a folder for temporary files", found: "\(Errno(rawValue: errno))",
          advice: "set TMPDIR to a folder that can be written"))
    }
    return String(cString: made)
  }
}
