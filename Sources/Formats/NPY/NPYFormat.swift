/// NPY arrays one after another, as `numpy.save` writes them to one open file.
enum NPYFormat: Format {
  static let name = "NPY"
  static let isSequential = true

  /// A file that ends within the signature counts as a truncated NPY file, unless it may be a headerless file of
  /// integers. Zstandard frames without content count as NPY without arrays.
  static func recognizes(_ start: Start) -> Bool {
    guard start.width == nil, start.isCompressed || !start.bytes.isEmpty else {
      return start.bytes.starts(with: NPYHeader.magic)
    }
    return NPYHeader.magic.starts(with: start.bytes.prefix(NPYHeader.magic.count))
  }

  static func open(_ file: PeekedFile) throws -> Opened {
    .inOrder(
      ArrayCursor(
        try file.content(), isPlainFile: !file.isCompressed, size: file.start.size, integrity: file.file.integrity,
        pool: file.pool, offset: file.place?.offset ?? 0, windowBytes: file.window?.extra ?? 0))
  }
}
