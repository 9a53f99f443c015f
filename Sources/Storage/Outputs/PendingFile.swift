import Support
import SystemPackage

extension AtomicFile {
  /// A file being written next to its final name.
  package struct Pending: Sendable {
    /// Path of the temporary file.
    package let temporary: String
    /// The output as the user named it.
    let path: String
    let target: String
    var folder: String { Files.folder(of: target) }
    /// What the file will replace.
    let standing: StandingFile?
    /// The file whose permissions it keeps, if there is one.
    let model: String
    /// The private folder of the temporary file, if the output is a pipe.
    let folderForPipe: String?

    var isForPipe: Bool { folderForPipe != nil }

    init(
      temporary: String, path: String, target: String, standing: StandingFile?, model: String, folder: String? = nil
    ) {
      (self.temporary, self.path, self.target) = (temporary, path, target)
      (self.standing, self.model, folderForPipe) = (standing, model, folder)
    }

    /// A file for the pipe or device `path`.
    init(forPipe path: String, at target: String) throws {
      let folder = try TemporaryFile.folder()
      let temporary = Files.path(folder, "output")
      do {
        try FileDescriptor.make(FilePath(named: temporary), permissions: .ownerReadWrite).close()
      } catch let error as Errno {
        Files.remove(folder)
        throw AtomicFile.cannotWrite(temporary, error)
      }
      self.init(temporary: temporary, path: path, target: target, standing: nil, model: temporary, folder: folder)
    }

    /// Writes `text` as UTF-8.
    package func write(_ text: String) throws {
      do {
        try write { append in try append(text) }
      } catch let error as Errno {
        throw DiskSpace.shortage(path, error, bytes: text.utf8.count) ?? cannotWrite(path, error)
      }
    }

    /// Writes the pieces that `body` appends as UTF-8. Throws `Errno` if one of them cannot be written.
    func write(_ body: (_ append: (String) throws -> Void) throws -> Void) throws {
      let file = try FileDescriptor.open(FilePath(named: temporary), .writeOnly, options: .closeOnExec)
      try file.closeAfter { try body { _ = try file.writeAll($0.utf8) } }
    }

    /// Syncs the file to disk and renames it. If that fails, nothing is left behind.
    ///
    /// - Parameter replacing: called between the two, when only the renaming is left to do.
    package func commit(replacing prepare: () throws -> Void = {}) throws {
      try writeTogether({ $0.append(self) }, replacing: prepare)
    }

    /// Renames the file without waiting for the disk. It may not be for a pipe.
    func commitUnsynced() throws {
      do {
        try refusing(path) { try putInPlace() }
      } catch {
        abandon()
        throw error
      }
    }

    /// Gives the file its permissions, and syncs it.
    func complete() throws {
      // What a pipe gets is soon gone from the disk.
      guard !isForPipe else { return }
      try sync(temporary, .readWrite) { KeptPermissions.copy(of: model, to: $0, .whenComplete) }
    }

    /// Gives the file its name.
    func putInPlace() throws {
      try checkAgain()
      try check(rename(temporary, target))
      OutputRules.ofProcess.note(target)
    }

    /// Throws if a file has appeared or changed at the output's place that may not be replaced.
    func checkAgain() throws {
      if StandingFile(target) != standing { try OutputRules.ofProcess.admit(path, at: target) }
    }

    package func abandon() {
      unlink(temporary)
      if let folderForPipe { rmdir(folderForPipe) }
    }
  }
}
