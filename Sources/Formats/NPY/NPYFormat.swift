/// NPY arrays one after another, as `numpy.save` writes them to one open file.
enum NPYFormat: OrderedFormat {
  static let name = "NPY"

  /// A file that ends within the signature counts as a truncated NPY file, unless it may be a headerless file of
  /// integers. Zstandard frames without content count as NPY without arrays.
  static func recognizes(_ start: Start) -> Bool {
    guard start.width == nil, start.isCompressed || !start.bytes.isEmpty else {
      return start.bytes.starts(with: NPYHeader.magic)
    }
    return NPYHeader.magic.starts(with: start.bytes.prefix(NPYHeader.magic.count))
  }

  static func nextHeader(in cursor: ArrayCursor) throws -> ArrayHeader? { try NPYHeader.next(in: cursor) }
}
