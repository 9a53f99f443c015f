import Formats
import Storage
import SystemPackage

/// The identity of a file by its content.
package enum FileDigest {
  /// XXH3-128 of the bytes of a file and of the shards it names (``Formats/files(of:)``), as 32 hexadecimal digits.
  ///
  /// Throws ``StreamError`` if the file cannot be read or is a pipe, which could not be read again after the checksum.
  package static func of(_ path: String) throws -> String {
    let checksum = Checksum()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 22, alignment: 64)
    defer { buffer.deallocate() }
    for part in Formats.files(of: path) {
      do {
        // Opening a pipe without a writer would block.
        let file = try FileDescriptor.open(FilePath(named: part), .readOnly, options: [.nonBlocking, .closeOnExec])
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
