import Foundation
import SystemPackage

/// Files and folders that exist only during a run.
public enum TemporaryFile {
  /// Where they are created: `TMPDIR`, or else `/tmp`.
  package static var directory: String {
    ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
  }

  /// A file without a name, accessible to its owner only. It is gone once closed, or when the process dies.
  package static func unnamed() throws -> FileDescriptor {
    var template = Array((directory + "/collapse-XXXXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw Errno(rawValue: errno) }
    unlink(template)
    return FileDescriptor(rawValue: descriptor)
  }

  /// Creates a folder with an unpredictable name, accessible to its owner only, in `parent` or ``directory``. The
  /// caller removes it. Folders that dead processes of this user left there are removed first.
  public static func folder(in parent: String? = nil) throws -> String {
    let parent = parent ?? directory
    AbandonedFolders.remove(in: parent)
    var template = Array((parent + "/\(AbandonedFolders.prefix)XXXXXXXX").utf8CString)
    guard let made = mkdtemp(&template) else {
      throw StreamError(
        .cannotWrite, file: parent, expected: "to make a folder for temporary files",
        found: "\(Errno(rawValue: errno))",
        advice: "set TMPDIR, or --scratch if the verb has it, to a writable folder")
    }
    let folder = String(cString: made)
    AbandonedFolders.sign(folder)
    return folder
  }

  /// Bytes free in a folder, or nil if its file system does not say.
  public static func room(in folder: String) -> Int? {
    var status = statvfs()
    guard statvfs(folder.isEmpty ? "." : folder, &status) == 0, status.f_blocks > 0 else { return nil }
    return Int(clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
  }
}
