import Samples
import Storage

/// Features of positions, or of a stream's rows, read in order. Positions that are not wanted are skipped.
///
/// Lent features keep their whole buffer alive, so a buffer is lent only if rows fill a quarter of it. A file mapping
/// is the system's memory, so there a page is enough.
final class PositionFeatures {
  let dimension: Int
  let scalar: ScalarType
  let type: ElementType
  /// Position of the next features.
  private(set) var position: Int
  let source: any ByteSource
  private let file: String
  private let pool: BufferPool
  private let missing: (Int) -> StreamError
  /// Added to a position to give the row that names it.
  private let firstRow: Int
  /// Whether sequences are counted over all files.
  private let sequencesGoOn: Bool

  /// - Parameters:
  ///   - source: positioned at the features of `position`.
  ///   - firstRow: the row that names position 0.
  ///   - sequencesGoOn: whether sequences are counted over all files.
  ///   - missing: makes the error for a position without features.
  init(
    _ source: any ByteSource, file: String, at position: Int, dimension: Int, scalar: ScalarType, type: ElementType,
    pool: BufferPool, firstRow: Int = 0, sequencesGoOn: Bool = false, missing: @escaping (Int) -> StreamError
  ) {
    (self.firstRow, self.sequencesGoOn) = (firstRow, sequencesGoOn)
    (self.source, self.file, self.position, self.dimension) = (source, file, position, dimension)
    (self.scalar, self.type, self.pool, self.missing) = (scalar, type, pool, missing)
  }

  /// Reads the features of the next `count` positions, whose labels are already written.
  func read(_ count: Int, sequence: Int? = nil, into builder: borrowing BlockBuilder) throws {
    let run = NextTokenLabels.Stretch.Run(positions: position..<position + count, sequence: sequence)
    try read([run], lends: true, into: builder) { _ in }
  }

  private var rowBytes: Int { dimension * scalar.byteCount }

  /// Skips the features before a position.
  func skip(to position: Int) throws {
    guard position > self.position else { return }
    // Cannot overflow: it is less than the array's byte count.
    let bytes = (position - self.position) * rowBytes
    guard try source.skip(bytes) == bytes else { throw missing(position) }
    self.position = position
  }

  /// Reads the features of ascending positions as the next rows of a block. Rows are lent in place, together with the
  /// gaps between them, or copied into the block if lending does not pay.
  ///
  /// - Parameters:
  ///   - lends: whether the gaps are small enough to keep in memory with the rows.
  ///   - label: writes the labels of the next `rows` rows.
  func read(
    _ wanted: [NextTokenLabels.Stretch.Run], lends: Bool, into builder: borrowing BlockBuilder,
    label: (_ rows: Int) throws -> Void
  ) throws {
    guard let end = wanted.last?.positions.upperBound else { return }
    var runs = wanted[...]
    while let run = runs.first {
      try skip(to: run.positions.lowerBound)
      guard let piece = try source.lend((end - position) * rowBytes, from: pool) else { throw missing(position) }
      let whole = piece.range.count / rowBytes
      let enough = piece.buffer.isMapping ? 4096 : piece.buffer.count / 4
      let isLent = lends && type.isNative && whole * rowBytes >= enough
      let covered = position..<position + whole
      while let run = runs.first, run.positions.lowerBound < covered.upperBound {
        let part = run.positions.clamped(to: covered)
        try take(part, run.sequence, of: piece, isLent: isLent, into: builder, label: label)
        Self.drop(through: part.upperBound, of: &runs)
      }
      position = covered.upperBound
      let rest = piece.bytes.dropFirst(whole * rowBytes)
      guard !rest.isEmpty else { continue }
      if let run = runs.first, run.positions.lowerBound == position {
        try label(1)
        let own = builder.keep(0..<1)
        own.copyMemory(from: UnsafeRawBufferPointer(rebasing: rest))
        let room = UnsafeMutableRawBufferPointer(rebasing: own[rest.count...])
        guard try source.fill(room) == room.count else { throw missing(position) }
        type.makeNative(own)
        commit(1, at: position, run.sequence, to: builder)
        Self.drop(through: position + 1, of: &runs)
      } else {
        let left = rowBytes - rest.count
        guard try source.skip(left) == left else { throw missing(position) }
      }
      position += 1
    }
  }

  /// Removes the part of the first run that has been read.
  private static func drop(through end: Int, of runs: inout ArraySlice<NextTokenLabels.Stretch.Run>) {
    let first = runs.startIndex
    let last = runs[first].positions.upperBound
    if end == last { runs.removeFirst() } else { runs[first].positions = end..<last }
  }

  /// Takes the features of positions in a piece that starts at ``position``.
  private func take(
    _ part: Range<Int>, _ sequence: Int?, of piece: Piece, isLent: Bool, into builder: borrowing BlockBuilder,
    label: (Int) throws -> Void
  ) rethrows {
    try label(part.count)
    let bytes = (part.lowerBound - position) * rowBytes..<(part.upperBound - position) * rowBytes
    if isLent, let start = piece.bytes.baseAddress {
      builder.lend(0..<part.count, at: start + bytes.lowerBound, from: piece.buffer)
    } else {
      let own = builder.keep(0..<part.count)
      own.copyMemory(from: UnsafeRawBufferPointer(rebasing: piece.bytes[bytes]))
      type.makeNative(own)
    }
    commit(part.count, at: part.lowerBound, sequence, to: builder)
  }

  private func commit(_ count: Int, at position: Int, _ sequence: Int?, to builder: borrowing BlockBuilder) {
    builder.commit(
      count, source: file, firstRow: firstRow &+ position, sequence: sequence, sequencesGoOn: sequencesGoOn)
  }
}
