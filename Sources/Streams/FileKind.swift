/// What a file is, by its first bytes.
public enum FileKind: Sendable, Equatable {
  case npy, zstd, hdf5, other

  /// Looks at the start of a file. Throws ``StreamError`` where it cannot be read.
  public static func of(_ name: String) throws -> FileKind {
    let start = try FileBytes(name: name).peek(HDF5File.magic.count)
    if start.starts(with: NPYHeader.magic) { return .npy }
    if start == HDF5File.magic { return .hdf5 }
    return ZstdBytes.recognizes(start) ? .zstd : .other
  }
}
