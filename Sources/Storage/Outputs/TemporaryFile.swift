import Support
import SystemPackage

/// Files and folders that exist only during a run.
package enum TemporaryFile {
  /// Where they are created: `TMPDIR`, or else `/tmp`.
  package static var directory: String {
    getenv("TMPDIR").map { FileName.text($0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
  }

  /// A file without a name, accessible to its owner only, in `folder` or ``directory``. It is gone once closed, or when
  /// the process dies.
  package static func unnamed(in folder: String? = nil) throws -> FileDescriptor {
    let folder = folder ?? directory
    #if canImport(Glibc)
      // Never has a name. Some file systems cannot do this.
      let options: FileDescriptor.OpenOptions = [.init(rawValue: __O_TMPFILE), .directory, .closeOnExec]
      if let file = try? FileDescriptor.open(
        FilePath(named: folder), .readWrite, options: options, permissions: .ownerReadWrite)
      {
        return file
      }
    #endif
    // Created exclusively under a random name, so nobody can put a file or link in its place beforehand.
    let path = folder + "/" + AbandonedFiles.newName()
    let file = try FileDescriptor.make(FilePath(named: path), .readWrite, permissions: .ownerReadWrite)
    unlink(path)
    return file
  }

  /// Creates a folder with an unpredictable name, accessible to its owner only, in `parent` or ``directory``. The
  /// caller removes it. Folders that dead processes of this user left there are removed first.
  ///
  /// - Parameter output: the output that it is for. Beside it, the folder is one of the output's temporary files.
  package static func folder(in parent: String? = nil, for output: String? = nil) throws -> String {
    let parent = parent ?? directory
    AbandonedFiles.remove(in: parent)
    let owner = output.map { OutputFiles($0) }.flatMap { isSame($0.folder, parent) ? $0.newTemporaryName() : nil }
    let folder = parent + "/" + (owner ?? AbandonedFiles.newName())
    guard mkdir(folder, 0o700) == 0 else {
      let error = Errno(rawValue: errno)
      throw StreamError(
        .cannotWrite, file: parent, expected: "to make a folder for temporary files",
        found: "\(error)\(lacksInodes(parent) ? " (too few inodes free)" : "")",
        advice: Shortage.advice(for: error) ?? "set TMPDIR, or --scratch if the verb has it, to a writable folder")
    }
    OutputRules.ofProcess.allow(privateFolder: folder)
    return folder
  }

  /// Whether a folder has room for bytes, but hardly for more files: every file takes an inode. Those of temporary files
  /// are free again when an error is described.
  static func lacksInodes(_ folder: String) -> Bool {
    var status = statvfs()
    return FileName.withBytes(of: folder.isEmpty ? "." : folder) { statvfs($0, &status) } == 0
      && status.f_files > 0 && status.f_favail < 16
  }

  private static func isSame(_ folder: String, _ other: String) -> Bool {
    var (one, two) = (stat(), stat())
    return stat(folder, &one) == 0 && stat(other, &two) == 0 && one.st_dev == two.st_dev && one.st_ino == two.st_ino
  }

  /// Bytes free in a folder, or nil if its file system does not say.
  package static func room(in folder: String) -> Int? {
    var status = statvfs()
    guard FileName.withBytes(of: folder.isEmpty ? "." : folder, { statvfs($0, &status) }) == 0, status.f_blocks > 0
    else { return nil }
    return Int(clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
  }
}
