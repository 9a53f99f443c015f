import Samples
import Storage

/// Bytes of rows, one after another, that can be had where they lie.
protocol RowBytes {
  /// Takes at least one byte and at most `count` where they lie, or nil at the end.
  func lend(_ count: Int) throws -> Piece?
  /// Reads until `buffer` is full or the bytes end, and returns how many it read.
  func fill(_ buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

extension ArrayCursor: RowBytes {}

extension RowBytes {
  /// Features of the next `count` rows: lent where they lie, kept in the block where they lie badly.
  ///
  /// What is lent keeps its whole buffer alive, so a buffer is lent only where rows fill a quarter of it, and the mapping of
  /// a file, which is the system's memory, where they fill a page.
  ///
  /// - Parameter missing: the error that the bytes end inside a row, counted from the next one.
  func readFeatures(
    _ count: Int, of type: ElementType, into builder: borrowing BlockBuilder, missing: (_ row: Int) -> StreamError
  ) throws {
    let rowBytes = builder.rowBytes
    var row = 0
    while row < count {
      guard let piece = try lend((count - row) * rowBytes) else { throw missing(row) }
      let whole = piece.range.count / rowBytes
      let enough = piece.buffer.isMapping ? 4096 : piece.buffer.count / 4
      if let start = piece.bytes.baseAddress, type.isNative, whole * rowBytes >= enough {
        builder.lend(row..<row + whole, at: start, from: piece.buffer)
      } else if whole > 0 {
        let own = builder.keep(row..<row + whole)
        own.copyMemory(from: UnsafeRawBufferPointer(rebasing: piece.bytes.prefix(own.count)))
        type.makeNative(own)
      }
      row += whole
      let rest = piece.bytes.dropFirst(whole * rowBytes)
      if !rest.isEmpty {
        let own = builder.keep(row..<row + 1)
        own.copyMemory(from: UnsafeRawBufferPointer(rebasing: rest))
        let room = UnsafeMutableRawBufferPointer(rebasing: own[rest.count...])
        guard try fill(room) == room.count else { throw missing(row) }
        type.makeNative(own)
        row += 1
      }
    }
  }
}
