import HDF5
import Storage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a file is, by its first bytes.
public enum FileKind: Sendable, Equatable {
  case npy, zstd, hdf5, other
  /// No regular file: what it holds can be looked at only once.
  case pipe

  /// Looks at the start of a file. Throws ``StreamError`` where it cannot be read.
  public static func of(_ name: String) throws -> FileKind {
    var status = stat()
    if stat(name, &status) == 0, ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) { return .pipe }
    let start = try FileBytes(name: name).peek(HDF5File.magic.count)
    if start.starts(with: NPYHeader.magic) { return .npy }
    if start == HDF5File.magic { return .hdf5 }
    return ZstdBytes.recognizes(start) ? .zstd : .other
  }
}
