/// NPY arrays one after another, as `numpy.save` writes them on one open file.
enum NPYFormat: OrderedFormat {
  static let name = "NPY"

  /// A file that ends within the signature was cut short, unless it may hold nothing but integers. Frames without content are
  /// no arrays.
  static func recognizes(_ start: Start) -> Bool {
    guard start.width == nil, start.isCompressed || !start.bytes.isEmpty else {
      return start.bytes.starts(with: NPYHeader.magic)
    }
    return NPYHeader.magic.starts(with: start.bytes.prefix(NPYHeader.magic.count))
  }

  static func nextHeader(in cursor: ArrayCursor) throws -> ArrayHeader? { try NPYHeader.next(in: cursor) }
}
