import Support
import SystemPackage

/// A sparse file for data that does not fit in memory, accessible to its owner only. A file without a name is gone with
/// its last reference or when the process dies.
///
/// Any number of threads may read and write at once, as long as no two touch the same bytes. Writes go to the page
/// cache, which the kernel limits and writes back. Bytes that are soon read or rewritten may never reach the disk.
package final class ScratchFile: Sendable {
  let descriptor: FileDescriptor
  private let folder: String

  /// Creates the file in `folder`. Throws ``StreamError`` of kind `cannotWrite` if the folder cannot be written.
  package convenience init(in folder: String) throws {
    let descriptor = try Self.refusing(folder, "to make a scratch file") {
      try TemporaryFile.unnamed(in: folder.isEmpty ? "." : folder)
    }
    self.init(descriptor, in: folder)
    #if canImport(Glibc)
      // Rows are read in random order.
      _ = posix_fadvise(descriptor.rawValue, 0, 0, POSIX_FADV_RANDOM)
    #endif
  }

  /// Creates the file under a name in `folder`, so that it can be read by that name. The caller removes it.
  ///
  /// Throws ``StreamError`` of kind `cannotWrite` if the file exists or the folder cannot be written.
  package convenience init(named name: String, in folder: String) throws {
    let path = FilePath(named: folder.isEmpty ? name : folder + "/" + name)
    let descriptor = try Self.refusing(folder, "to make the file \(name)") {
      try FileDescriptor.make(path, .readWrite, permissions: .ownerReadWrite)
    }
    self.init(descriptor, in: folder)
  }

  /// Takes over an open file; errors name `folder`.
  init(_ descriptor: FileDescriptor, in folder: String) {
    (self.descriptor, self.folder) = (descriptor, folder)
  }

  deinit { try? descriptor.close() }

  /// Writes all of `bytes` at `offset`. Throws ``StreamError`` of kind `cannotWrite`.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
    try Self.refusing(folder, "room for \(bytes.count) bytes of scratch data at byte \(offset)") {
      _ = try descriptor.writeAll(toAbsoluteOffset: Int64(offset), bytes)
    }
  }

  /// Fills `bytes` with what was written at `offset`. Throws ``StreamError`` of kind `cannotWrite`, because the scratch
  /// disk fails, not the user's data.
  package func read(at offset: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
    try Self.refusing(folder, "\(bytes.count) bytes of scratch data at byte \(offset)") {
      guard try descriptor.fill(bytes, at: offset) == bytes.count else { throw Errno.ioError }
    }
  }

  /// Announces bytes that will be read soon, so that the disk can fetch many at once.
  package func announce(at offset: Int, count: Int) {
    #if canImport(Glibc)
      _ = posix_fadvise(descriptor.rawValue, offset, count, POSIX_FADV_WILLNEED)
    #endif
  }

  private static func refusing<Result>(
    _ folder: String, _ expected: @autoclosure () -> String, _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch let error as Errno {
      let advice =
        switch error {
        case .noSuchFileOrDirectory, .notDirectory: "make the folder first, or give --scratch another"
        case .noSpace where TemporaryFile.lacksInodes(folder): "too few inodes are free: give --scratch another folder"
        case .noSpace, .diskQuotaExceeded, .fileTooLarge: "give --scratch a folder with more room"
        case .permissionDenied, .readOnlyFileSystem: "give --scratch a writable folder"
        default: Shortage.advice(for: error) ?? "give --scratch a folder on a healthy disk"
        }
      throw StreamError(.cannotWrite, file: folder, expected: expected(), found: "\(error)", advice: advice)
    }
  }
}
