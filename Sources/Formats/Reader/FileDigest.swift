import Storage
import SystemPackage

/// The identity of a file by its content.
public enum FileDigest {
  /// XXH3-128 of a file's bytes, and of those of the shards it names (``FileParts``), 32 hexadecimal digits.
  ///
  /// Throws ``StreamError`` where it cannot be read, or is a pipe: what was summed of that nobody else could read.
  public static func of(_ path: String) throws -> String {
    let checksum = Checksum()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 22, alignment: 64)
    defer { buffer.deallocate() }
    for part in FileParts.of(path) {
      do {
        // A pipe without a writer would hold up its opening.
        let file = try FileDescriptor.open(FilePath(part), .readOnly, options: [.nonBlocking, .closeOnExec])
        try file.closeAfter {
          try FileBytes.requireRegular(file, part)
          while case let count = try file.read(into: buffer), count > 0 {
            checksum.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
          }
        }
      } catch let error as Errno {
        throw FileBytes.cannotOpen(part, error)
      }
    }
    return checksum.value
  }
}
