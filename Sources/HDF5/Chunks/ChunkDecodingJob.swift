import Dispatch
import Storage
import Support

/// Decodes the chunks of consecutive rows on a thread of the decoders' queue.
///
/// `@unchecked Sendable` holds because the reader writes everything before handing the chunks to the queue. Only the
/// decoding thread writes the content and the fault, and the reader looks at those only after the semaphore is
/// signalled.
final class ChunkDecodingJob: @unchecked Sendable {
  /// A chunk as stored.
  struct Chunk {
    /// The chunk's first row, position and column in the dataset.
    let row: Int
    let position: Int
    let column: Int
    /// The range of its bytes in `raw`.
    var bytes = 0..<0
    /// Bit i is set if filter i was skipped.
    var mask: UInt32 = 0
  }

  let layout: HDF5ChunkLayout
  /// The rows of the dataset to decode.
  let rows: Range<Int>
  /// Bytes read from the file.
  let storedBytes: Int
  /// The decoded rows, with room for those that the last chunk has beyond the dataset's end.
  let content: Buffer
  private let raw: Buffer
  private let chunks: [Chunk]
  private let pool: BufferPool
  private var refusal: OutOfMemory?
  private var fault: (chunk: Chunk, fault: HDF5Pipeline.Fault)?
  private let finished = DispatchSemaphore(value: 0)

  init(_ layout: HDF5ChunkLayout, rows: Range<Int>, chunks: [Chunk], raw: Buffer, pool: BufferPool) throws(OutOfMemory)
  {
    (self.layout, self.rows, self.chunks, self.raw, self.pool) = (layout, rows, chunks, raw, pool)
    let bands = (rows.count - 1) / layout.rows + 1
    content = try Buffer(count: bands * layout.rows * layout.rowBytes, from: pool)
    storedBytes = chunks.last?.bytes.upperBound ?? 0
  }

  /// Bytes of memory in use.
  var memory: Int { content.count + raw.count }

  /// Decodes the chunks, then signals that it is done.
  func decode() {
    let scratchBytes = layout.pipeline.scratchBytes(layout.chunkBytes)
    let scratch: Buffer
    do {
      scratch = try Buffer(count: 2 * scratchBytes + (layout.hasWholeRows ? 0 : layout.chunkBytes), from: pool)
    } catch {
      refusal = error
      finished.signal()
      return
    }
    let tile = UnsafeMutableRawBufferPointer(rebasing: scratch.bytes.dropFirst(2 * scratchBytes))
    for chunk in chunks {
      do throws(HDF5Pipeline.Fault) {
        let start = (chunk.row - rows.lowerBound) * layout.rowBytes
        let target =
          layout.hasWholeRows ? content.bytes[start..<start + layout.chunkBytes] : tile.prefix(layout.chunkBytes)
        try layout.pipeline.decode(
          UnsafeRawBufferPointer(rebasing: raw.bytes[chunk.bytes]), mask: chunk.mask,
          into: UnsafeMutableRawBufferPointer(rebasing: target), scratch: scratch.bytes)
        if !layout.hasWholeRows { place(UnsafeRawBufferPointer(rebasing: tile.prefix(layout.chunkBytes)), chunk) }
      } catch {
        fault = (chunk, error)
        break
      }
    }
    finished.signal()
  }

  /// Copies a chunk's parts of rows into those rows.
  private func place(_ tile: UnsafeRawBufferPointer, _ chunk: Chunk) {
    let width = min(layout.columns, layout.allColumns - chunk.column) * layout.elementBytes
    let positions = min(layout.positions, layout.allPositions - chunk.position)
    for row in 0..<layout.rows {
      for position in 0..<positions {
        let from = (row * layout.positions + position) * layout.columns * layout.elementBytes
        let before = (chunk.row - rows.lowerBound + row) * layout.allPositions + chunk.position + position
        let to = (before * layout.allColumns + chunk.column) * layout.elementBytes
        UnsafeMutableRawBufferPointer(rebasing: content.bytes[to..<to + width])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: tile[from..<from + width]))
      }
    }
  }

  /// Waits for decoding to end. Returns the first bad chunk and its fault, or nil. Throws `OutOfMemory`.
  func wait() throws(OutOfMemory) -> (chunk: Chunk, fault: HDF5Pipeline.Fault)? {
    finished.wait()
    finished.signal()
    if let refusal { throw refusal }
    return fault
  }
}
