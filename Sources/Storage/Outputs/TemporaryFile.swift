import Foundation
import SystemPackage

/// Files and folders for the time of a run.
public enum TemporaryFile {
  /// Where they are made: `TMPDIR`, else the system's choice.
  package static var directory: String {
    ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
  }

  /// A file of no name, for the owner alone; it is gone when it is closed, or when the process dies.
  package static func unnamed() throws -> FileDescriptor {
    var template = Array((directory + "/collapse-XXXXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw Errno(rawValue: errno) }
    unlink(template)
    return FileDescriptor(rawValue: descriptor)
  }

  /// Makes a folder for the owner alone, under a name that cannot be foreseen, in `parent` or where `TMPDIR` says; the
  /// caller removes it. What dead processes of this user have left there is removed first.
  public static func folder(in parent: String? = nil) throws -> String {
    let parent = parent ?? directory
    AbandonedFolders.remove(in: parent)
    var template = Array((parent + "/\(AbandonedFolders.prefix)XXXXXXXX").utf8CString)
    guard let made = mkdtemp(&template) else {
      throw StreamError(
        .cannotWrite, file: parent, expected: "to make a folder for temporary files",
        found: "\(Errno(rawValue: errno))",
        advice: "set TMPDIR, or --scratch where the verb has it, to a folder that can be written")
    }
    let folder = String(cString: made)
    AbandonedFolders.sign(folder)
    return folder
  }

  /// Bytes that may still be written in a folder, or nil where its file system does not say.
  public static func room(in folder: String) -> Int? {
    var status = statvfs()
    guard statvfs(folder.isEmpty ? "." : folder, &status) == 0, status.f_blocks > 0 else { return nil }
    return Int(clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
  }
}
