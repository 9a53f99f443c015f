import Embeddings
import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The identity of a file by its content.
public enum FileDigest {
  /// XXH3-128 of a file's bytes, and of those of the shards it names (``FileParts``), 32 hexadecimal digits. Throws ``StreamError`` where it cannot be
  /// read, and at once where it is no regular file, which could not be read again.
  public static func of(_ path: String) throws -> String {
    let checksum = Checksum()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 22, alignment: 64)
    defer { buffer.deallocate() }
    for part in FileParts.of(path) {
      do {
        // A pipe that nobody writes to would keep a blocking open waiting.
        let file = try FileDescriptor.open(FilePath(part), .readOnly, options: [.nonBlocking, .closeOnExec])
        try file.closeAfter {
          var status = stat()
          guard fstat(file.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw StreamError(
              .notAFile,
              Diagnosis(
                file: part, expected: "a file", found: "a pipe or a device, which cannot be read twice",
                advice: "write what it holds to a file, and name that"))
          }
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
