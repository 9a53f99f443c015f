import CHDF5
import Storage

/// The bytes of a chunked dataset, row by row, decoded by several threads with the order restored.
///
/// The calling thread fetches chunks as stored and hands out rows in order. Only the fetching holds the library's lock.
/// Up to two pieces of work per thread are read ahead, within ``FrameLimits/ahead``. A piece is about 1 MiB of rows.
package final class HDF5ChunkBytes: ByteSource {
  package var name: String { dataset.file.name }
  package private(set) var consumedBytes = 0

  private let dataset: HDF5Dataset
  private let layout: HDF5ChunkLayout
  private let rowBytes: Int
  private let decoders: ChunkDecoders
  private let pool: BufferPool
  /// The first row of the chunks to fetch next.
  private var next: Int
  private var ahead: [ChunkDecodingJob] = []
  /// The part of the first piece not handed out yet; nil until it is decoded.
  private var content: Range<Int>?
  /// Bytes to skip at the start of the first piece.
  private var skipped: Int

  private static let pieceBytes = 1 << 20
  private static let bytesAhead = FrameLimits().ahead / 2

  package init(
    _ dataset: HDF5Dataset, _ layout: HDF5ChunkLayout, rowBytes: Int, from row: Int, decoders: ChunkDecoders,
    pool: BufferPool
  ) {
    (self.dataset, self.layout, self.rowBytes) = (dataset, layout, rowBytes)
    (self.decoders, self.pool) = (decoders, pool)
    next = row / layout.rows * layout.rows
    skipped = row % layout.rows * rowBytes
  }

  deinit {
    for piece in ahead { _ = try? piece.wait() }
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard !buffer.isEmpty, let (piece, part) = try take(buffer.count) else { return 0 }
    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: piece.content.bytes[part]))
    return part.count
  }

  package func lend(_ count: Int, from pool: BufferPool) throws -> Piece? {
    try take(count).map { Piece(buffer: $0.content, range: $1, offset: consumedBytes) }
  }

  package func stop() {}

  /// Takes up to `count` bytes of the first piece; nil at the end.
  private func take(_ count: Int) throws -> (ChunkDecodingJob, Range<Int>)? {
    while next < layout.datasetRows, ahead.count < 2 * decoders.threads,
      ahead.isEmpty || ahead.reduce(0, { $0 + $1.memory }) < Self.bytesAhead
    {
      try readAhead()
    }
    guard let piece = ahead.first else { return nil }
    if content == nil {
      if let (chunk, fault) = try piece.wait() { throw damaged(chunk, fault) }
      content = skipped..<piece.rows.count * rowBytes
      skipped = 0
    }
    guard let content else { return nil }
    let part = content.lowerBound..<content.lowerBound + min(count, content.count)
    self.content = part.upperBound..<content.upperBound
    if part.upperBound == content.upperBound {
      ahead.removeFirst()
      self.content = nil
      consumedBytes += piece.storedBytes
    }
    return (piece, part)
  }

  /// Fetches the chunks of the next rows and queues them for decoding.
  private func readAhead() throws {
    let band = layout.rows * rowBytes
    let bands = max(1, Self.pieceBytes / max(band, 1))
    let end =
      bands < layout.datasetRows / layout.rows
      ? min(next + bands * layout.rows, layout.datasetRows) : layout.datasetRows
    let rows = next..<end
    let (chunks, raw) = try fetch(rows)
    let piece = try ChunkDecodingJob(layout, rows: rows, chunks: chunks, raw: raw, pool: pool)
    next = rows.upperBound
    ahead.append(piece)
    decoders.start(piece)
  }

  private func fetch(_ rows: Range<Int>) throws -> ([ChunkDecodingJob.Chunk], Buffer) {
    var chunks: [ChunkDecodingJob.Chunk] = []
    var total = 0
    try HDF5Library.locked {
      for row in stride(from: rows.lowerBound, to: rows.upperBound, by: layout.rows) {
        for position in stride(from: 0, to: layout.allPositions, by: layout.positions) {
          for column in stride(from: 0, to: layout.allColumns, by: layout.columns) {
            var chunk = ChunkDecodingJob.Chunk(row: row, position: position, column: column)
            let count = try stored(chunk, mask: &chunk.mask)
            chunk.bytes = total..<total + count
            chunks.append(chunk)
            total += count
          }
        }
      }
    }
    try IORate.ofProcess.take(total)
    let raw = try Buffer(count: total, from: pool)
    try HDF5Library.locked {
      for chunk in chunks {
        var mask: UInt32 = 0
        let target = raw.bytes.baseAddress.map { $0 + chunk.bytes.lowerBound }
        guard H5Dread_chunk(dataset.handle.id, 0, offsets(chunk), &mask, target) >= 0 else {
          throw dataset.file.failure(name(of: chunk), expected: "a readable chunk")
        }
      }
    }
    return (chunks, raw)
  }

  /// Bytes of a chunk in the file: more than 0, and not many more than decoded. Sets `mask` to the skipped filters.
  private func stored(_ chunk: ChunkDecodingJob.Chunk, mask: inout UInt32) throws -> Int {
    var (bytes, address): (hsize_t, haddr_t) = (0, 0)
    let status = H5Dget_chunk_info_by_coord(dataset.handle.id, offsets(chunk), &mask, &address, &bytes)
    guard status >= 0 else { throw dataset.file.failure(name(of: chunk), expected: "a chunk") }
    guard bytes > 0, bytes <= 2 * UInt64(layout.chunkBytes) + 65_536 else {
      throw dataset.file.failure(
        name(of: chunk), expected: "a compressed chunk of at most \(layout.chunkBytes) bytes",
        found: bytes == 0 ? "one that was never written" : "one of \(bytes) bytes")
    }
    return Int(bytes)
  }

  private func offsets(_ chunk: ChunkDecodingJob.Chunk) -> [hsize_t] {
    let inner = layout.rank == 3 ? [chunk.position, chunk.column] : layout.rank == 2 ? [chunk.column] : []
    return ([chunk.row] + inner).map { hsize_t($0) }
  }

  private func name(of chunk: ChunkDecodingJob.Chunk) -> String {
    "“\(dataset.path)”, chunk at row \(chunk.row)"
      + (layout.positions < layout.allPositions ? ", position \(chunk.position)" : "")
      + (layout.columns < layout.allColumns ? ", column \(chunk.column)" : "")
  }

  private func damaged(_ chunk: ChunkDecodingJob.Chunk, _ fault: HDF5Pipeline.Fault) -> StreamError {
    StreamError(
      .corrupt, file: name, position: self.name(of: chunk), expected: fault.expected, found: fault.found,
      advice: "the file is damaged: copy or write it again")
  }
}
