import Support
import SystemPackage

/// A file to set bytes aside in: sparse, without a name unless it is given one, and for the owner alone. Without a name, it
/// is gone with its last reference, or when the process dies.
///
/// Any number of threads may read and write at once, as long as no two touch the same bytes. Writing dirties the page
/// cache, which the kernel bounds and writes back by itself: bytes that are soon read or written again never reach the
/// disk.
public final class ScratchFile: Sendable {
  let descriptor: FileDescriptor
  private let folder: String

  /// Makes the file in `folder`. Throws ``StreamError`` of kind `cannotWrite` where the folder refuses.
  public convenience init(in folder: String) throws {
    // Opened exclusively under a name left to chance: nobody can put a file or a link in its place beforehand.
    let name = "collapse-\(String(UInt64.random(in: .min ... .max), radix: 36)).scratch"
    try self.init(named: name, in: folder, expected: "to make a scratch file") { unlink($0.string) }
    #if canImport(Glibc)
      // What lies next to a row is not read next.
      _ = posix_fadvise(descriptor.rawValue, 0, 0, POSIX_FADV_RANDOM)
    #endif
  }

  /// Makes the file under a name in `folder`, so that it can be read by that name; whoever names it removes it.
  ///
  /// Throws ``StreamError`` of kind `cannotWrite` where there is such a file, or the folder refuses.
  public convenience init(named name: String, in folder: String) throws {
    try self.init(named: name, in: folder, expected: "to make the file \(name)") { _ in 0 }
  }

  private convenience init(
    named name: String, in folder: String, expected: String, then finish: (FilePath) -> Int32
  ) throws {
    let path = FilePath(folder.isEmpty ? "." : folder).appending(name)
    let descriptor = try Self.refusing(folder, expected) {
      try FileDescriptor.make(path, .readWrite, permissions: .ownerReadWrite)
    }
    self.init(descriptor, in: folder)
    try Self.refusing(folder, expected) { if finish(path) != 0 { throw Errno(rawValue: errno) } }
  }

  /// Takes over an open file; `folder` is how errors call it.
  init(_ descriptor: FileDescriptor, in folder: String) {
    (self.descriptor, self.folder) = (descriptor, folder)
  }

  deinit { try? descriptor.close() }

  /// Writes all of `bytes` at `offset`. Throws ``StreamError`` of kind `cannotWrite`.
  public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
    try Self.refusing(folder, "room to set \(bytes.count) bytes aside at byte \(offset)") {
      _ = try descriptor.writeAll(toAbsoluteOffset: Int64(offset), bytes)
    }
  }

  /// Fills `bytes` with what was written at `offset`. Throws ``StreamError`` of kind `cannotWrite`: what fails is a
  /// place to write, not the user's data.
  public func read(at offset: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
    try Self.refusing(folder, "\(bytes.count) bytes that were set aside at byte \(offset)") {
      guard try descriptor.fill(bytes, at: offset) == bytes.count else { throw Errno.ioError }
    }
  }

  /// Says that bytes will be read soon, so that the disk can begin on many of them at once.
  public func announce(at offset: Int, count: Int) {
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
        case .noSpace, .diskQuotaExceeded, .fileTooLarge: "give --scratch a folder with more room"
        case .permissionDenied, .readOnlyFileSystem: "give --scratch a folder that can be written"
        default: "give --scratch a folder on a disk that is sound"
        }
      throw StreamError(.cannotWrite, file: folder, expected: expected(), found: "\(error)", advice: advice)
    }
  }
}
