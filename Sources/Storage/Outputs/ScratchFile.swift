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
    do {
      // Opened exclusively under a name left to chance: nobody can put a file or a link in its place beforehand.
      let name = "collapse-\(String(UInt64.random(in: .min ... .max), radix: 36)).scratch"
      let path = FilePath(folder.isEmpty ? "." : folder).appending(name)
      let descriptor = try FileDescriptor.open(
        path, .readWrite, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec], permissions: .ownerReadWrite)
      self.init(descriptor, in: folder)
      guard unlink(path.string) == 0 else { throw Errno(rawValue: errno) }
    } catch let error as Errno {
      throw Self.refusal(folder, "to make a scratch file", error)
    }
    #if canImport(Glibc)
      // What lies next to a row is not read next.
      _ = posix_fadvise(descriptor.rawValue, 0, 0, POSIX_FADV_RANDOM)
    #endif
  }

  /// Makes the file under a name in `folder`, so that it can be read by that name; whoever names it removes it.
  ///
  /// Throws ``StreamError`` of kind `cannotWrite` where there is such a file, or the folder refuses.
  public convenience init(named name: String, in folder: String) throws {
    do {
      let path = FilePath(folder.isEmpty ? "." : folder).appending(name)
      self.init(
        try FileDescriptor.open(
          path, .readWrite, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec], permissions: .ownerReadWrite),
        in: folder)
    } catch let error as Errno {
      throw Self.refusal(folder, "to make the file \(name)", error)
    }
  }

  /// Takes over an open file; `folder` is how errors call it.
  init(_ descriptor: FileDescriptor, in folder: String) {
    (self.descriptor, self.folder) = (descriptor, folder)
  }

  deinit { try? descriptor.close() }

  /// Writes all of `bytes` at `offset`. Throws ``StreamError`` of kind `cannotWrite`.
  public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
    do {
      var done = 0
      while done < bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
        let wrote = try descriptor.write(toAbsoluteOffset: Int64(offset + done), rest)
        guard wrote > 0 else { throw Errno.ioError }
        done += wrote
      }
    } catch let error as Errno {
      throw Self.refusal(folder, "room to set \(bytes.count) bytes aside at byte \(offset)", error)
    }
  }

  /// Fills `bytes` with what was written at `offset`. Throws ``StreamError`` of kind `cannotWrite`: what fails is a
  /// place to write, not the user's data.
  public func read(at offset: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
    do {
      guard try descriptor.fill(bytes, at: offset) == bytes.count else { throw Errno.ioError }
    } catch let error as Errno {
      throw Self.refusal(folder, "\(bytes.count) bytes that were set aside at byte \(offset)", error)
    }
  }

  /// Says that bytes will be read soon, so that the disk can begin on many of them at once.
  public func announce(at offset: Int, count: Int) {
    #if canImport(Glibc)
      _ = posix_fadvise(descriptor.rawValue, offset, count, POSIX_FADV_WILLNEED)
    #endif
  }

  private static func refusal(_ folder: String, _ expected: String, _ error: Errno) -> StreamError {
    let advice =
      switch error {
      case .noSuchFileOrDirectory, .notDirectory: "make the folder first, or give --scratch another"
      case .noSpace, .diskQuotaExceeded, .fileTooLarge: "give --scratch a folder with more room"
      case .permissionDenied, .readOnlyFileSystem: "give --scratch a folder that can be written"
      default: "give --scratch a folder on a disk that is sound"
      }
    return StreamError(
      .cannotWrite, file: folder, expected: expected, found: "\(error)", advice: advice)
  }
}
