import Support
import Synchronization

/// Recycles the memory of buffers. A stream of any length uses only the memory in flight, until ``close()`` releases
/// it.
///
/// Regions are mapped rather than taken from the heap, which buffers that move between threads would fragment.
package final class BufferPool: Sendable {
  /// Mapped bytes.
  ///
  /// `@unchecked Sendable` holds because a region has one owner at a time: the pool, or one buffer.
  struct Region: @unchecked Sendable {
    let bytes: UnsafeMutableRawBufferPointer
  }

  private static let granule = 1 << 18
  private let free = Mutex<(regions: [Region], isClosed: Bool)>(([], false))

  package init() {}

  deinit { close() }

  /// Returns free memory to the system at once, and the rest along with the buffers that use it.
  package func close() {
    free.withLock { free in
      for region in free.regions { MappedMemory.unmap(region.bytes) }
      free = ([], true)
    }
  }

  /// A region of at least `count` bytes: the smallest free one that fits, or else a new one that replaces the largest
  /// free one.
  ///
  /// Throws `OutOfMemory`.
  func take(_ count: Int) throws(OutOfMemory) -> Region {
    try free.withLock { free throws(OutOfMemory) in
      let regions = free.regions
      let fitting = regions.indices.filter { regions[$0].bytes.count >= count }.min {
        regions[$0].bytes.count < regions[$1].bytes.count
      }
      if let fitting { return free.regions.remove(at: fitting) }
      if let largest = regions.indices.max(by: { regions[$0].bytes.count < regions[$1].bytes.count }) {
        MappedMemory.unmap(free.regions.remove(at: largest).bytes)
      }
      let granules = (max(count, 1) - 1) / Self.granule + 1
      return Region(bytes: try MappedMemory.map(granules * Self.granule, for: "a buffer between reader and stages"))
    }
  }

  func give(back region: Region) {
    free.withLock { free in
      if free.isClosed { MappedMemory.unmap(region.bytes) } else { free.regions.append(region) }
    }
  }
}

/// Bytes in memory from a pool, which gets it back with the last reference, or in a mapping of a file.
///
/// `@unchecked Sendable` holds because one thread writes a buffer, then hands it over through a semaphore or lock
/// before another reads it.
package final class Buffer: @unchecked Sendable {
  private let region: BufferPool.Region
  private let pool: BufferPool?
  /// The mapping that holds the bytes, which are then never written.
  private let mapping: FileMapping?

  /// Throws `OutOfMemory`.
  package init(count: Int, from pool: BufferPool) throws(OutOfMemory) {
    region = try pool.take(count)
    self.pool = pool
    mapping = nil
  }

  init(_ mapping: FileMapping) {
    pool = nil
    self.mapping = mapping
    region = BufferPool.Region(bytes: mapping.bytes)
  }

  deinit { pool?.give(back: region) }

  /// All bytes; at least as many as were asked for.
  package var bytes: UnsafeMutableRawBufferPointer { region.bytes }
  package var count: Int { region.bytes.count }

  package var isMapping: Bool { mapping != nil }
  /// Whether some mapped bytes did not come from the file.
  var isBroken: Bool { mapping?.isBroken == true }
}

/// A slice of a buffer, which it keeps alive, with its position in the file.
package struct Piece {
  package let buffer: Buffer
  package let range: Range<Int>
  /// Offset in the file of the piece's first byte.
  package let offset: Int

  package init(buffer: Buffer, range: Range<Int>, offset: Int) {
    (self.buffer, self.range, self.offset) = (buffer, range, offset)
  }

  package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer.bytes[range]) }
}
