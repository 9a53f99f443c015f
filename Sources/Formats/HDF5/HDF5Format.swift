import HDF5

/// Datasets of an HDF5 file.
enum HDF5Format: Format {
  static let name = "HDF5"
  static let compresses = true

  static func recognizes(_ start: Start) -> Bool { HDF5File.recognizes(start.bytes) }

  static func open(_ file: PeekedFile) throws -> Opened {
    .named(try HDF5Input(file.file, options: file.options, pool: file.pool))
  }
}
