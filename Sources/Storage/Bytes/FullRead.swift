import SystemPackage

extension FileDescriptor {
  /// Creates a file. Neither the file nor a link of that name may exist.
  static func make(
    _ path: FilePath, _ mode: AccessMode = .writeOnly, permissions: FilePermissions = FilePermissions(rawValue: 0o666)
  ) throws -> FileDescriptor {
    try open(
      path, mode, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec], permissions: permissions)
  }

  /// Reads from byte `place` until the buffer is full or the file ends. Returns the number of bytes read.
  package func fill(_ buffer: UnsafeMutableRawBufferPointer, at place: Int) throws(Errno) -> Int {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count: Int
      do {
        count = try read(fromAbsoluteOffset: Int64(place + done), into: rest)
      } catch let error as Errno {
        throw error
      } catch {
        throw .ioError
      }
      if count == 0 { break }
      done += count
    }
    return done
  }
}
