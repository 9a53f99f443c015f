import HDF5
import Storage

/// Datasets of an HDF5 file.
enum HDF5Format: Format {
  static let name = "HDF5"
  static let compresses = true

  /// Behind a user block, a file may start with any bytes. Only an archive can hold an HDF5 file at such a place.
  static func recognizes(_ start: Start) -> Bool {
    if HDF5File.recognizes(start.bytes) { return true }
    guard start.isSeekable, !ForeignFormat.tar.recognizes(start.bytes) else { return false }
    return HDF5File.recognizes(behindUserBlock: start.name)
  }

  static func open(_ file: PeekedFile) throws -> Opened {
    .named(try HDF5Input(file.file, options: file.options, pool: file.pool))
  }
}
