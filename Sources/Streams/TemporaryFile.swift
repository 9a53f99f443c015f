import Foundation
import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Files that exist only while they are open.
enum TemporaryFile {
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
}
