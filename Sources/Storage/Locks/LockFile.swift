import Support
import SystemPackage

/// An open lock file.
struct LockFile {
  let path: String
  let descriptor: FileDescriptor
  let isWritable: Bool

  private init(_ path: String, _ descriptor: FileDescriptor, isWritable: Bool) {
    (self.path, self.descriptor, self.isWritable) = (path, descriptor, isWritable)
  }

  /// Opens the file; nil if it does not exist. Throws ``StreamError`` if something else has its name.
  static func open(_ path: String, of output: String) throws -> LockFile? {
    func open(_ mode: FileDescriptor.AccessMode) throws -> FileDescriptor {
      // Never waits for the other end of a pipe.
      try .open(FilePath(named: path), mode, options: [.noFollow, .closeOnExec, .nonBlocking])
    }
    let file: LockFile
    do {
      do {
        file = LockFile(path, try open(.readWrite), isWritable: true)
      } catch let error as Errno where [.permissionDenied, .notPermitted, .readOnlyFileSystem].contains(error) {
        // Another user's. Reading is enough for the kernel's lock.
        file = LockFile(path, try open(.readOnly), isWritable: false)
      }
    } catch Errno.noSuchFileOrDirectory, Errno.staleNFSFileHandle {
      return nil
    } catch Errno.tooManySymbolicLinkLevels {
      throw refusal(path, of: output, found: "a symbolic link")
    } catch Errno.isDirectory {
      throw refusal(path, of: output, found: "a folder")
    } catch let error as Errno where [.permissionDenied, .notPermitted, .noSuchAddressOrDevice].contains(error) {
      throw refusal(path, of: output, found: "\(error)")
    }
    var status = stat()
    guard fstat(file.descriptor.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      file.close()
      throw refusal(path, of: output, found: "something other than a file")
    }
    return file
  }

  /// Creates a file under a new name.
  static func make(_ path: String) throws -> LockFile {
    LockFile(path, try FileDescriptor.make(FilePath(named: path), .readWrite), isWritable: true)
  }

  /// The same file under the name that it got.
  func renamed(_ path: String) -> LockFile { LockFile(path, descriptor, isWritable: isWritable) }

  func close() { try? descriptor.close() }

  /// The file's contents, up to 8 KiB.
  var contents: [UInt8] {
    get throws {
      var bytes = [UInt8](repeating: 0, count: 1 << 13)
      let count = try bytes.withUnsafeMutableBytes { try descriptor.fill($0, at: 0) }
      return Array(bytes[..<count])
    }
  }

  /// Whether its name still leads to it.
  var isInPlace: Bool {
    var (own, now) = (stat(), stat())
    return fstat(descriptor.rawValue, &own) == 0 && lstat(path, &now) == 0 && own.st_ino == now.st_ino
      && own.st_dev == now.st_dev
  }

  /// Number of its names.
  var names: Int {
    var status = stat()
    return fstat(descriptor.rawValue, &status) == 0 ? Int(status.st_nlink) : 0
  }

  /// Writes a record over what is there.
  func write(_ record: LockRecord) throws {
    let bytes = record.bytes
    _ = try descriptor.writeAll(toAbsoluteOffset: 0, bytes)
    guard ftruncate(descriptor.rawValue, off_t(bytes.count)) == 0 else { throw Errno(rawValue: errno) }
  }

  static func refusal(_ path: String, of output: String, found: String) -> StreamError {
    StreamError(
      .cannotWrite, file: path, expected: "the lock of \(output), a file that collapse made", found: found,
      advice: "move it away, or ask its owner to, if no run needs it; or name another output")
  }
}
