import Support
import Synchronization

/// Memory for buffers, used again and again: a stream of any length takes as much as it has in flight, until it is over
/// (``close()``).
///
/// Regions are mapped, not taken from the heap, where buffers that come and go between threads leave holes.
package final class BufferPool: Sendable {
  /// Mapped bytes that no buffer uses.
  ///
  /// `@unchecked Sendable` holds because a region has one owner at a time: the pool, or one buffer.
  struct Region: @unchecked Sendable {
    let bytes: UnsafeMutableRawBufferPointer
  }

  private static let granule = 1 << 18
  private let free = Mutex<(regions: [Region], isClosed: Bool)>(([], false))

  package init() {}

  deinit { close() }

  /// Gives the memory back to the system, what is free at once and the rest with the buffers that have it.
  package func close() {
    free.withLock { free in
      for region in free.regions { MappedMemory.unmap(region.bytes) }
      free = ([], true)
    }
  }

  /// A region of at least `count` bytes: the smallest free one that fits, else a new one in place of the largest that
  /// does not.
  func take(_ count: Int) -> Region {
    free.withLock { free in
      let regions = free.regions
      let fitting = regions.indices.filter { regions[$0].bytes.count >= count }.min {
        regions[$0].bytes.count < regions[$1].bytes.count
      }
      if let fitting { return free.regions.remove(at: fitting) }
      if let largest = regions.indices.max(by: { regions[$0].bytes.count < regions[$1].bytes.count }) {
        MappedMemory.unmap(free.regions.remove(at: largest).bytes)
      }
      return Region(bytes: MappedMemory.map((max(count, 1) + Self.granule - 1) / Self.granule * Self.granule))
    }
  }

  func give(back region: Region) {
    free.withLock { free in
      if free.isClosed { MappedMemory.unmap(region.bytes) } else { free.regions.append(region) }
    }
  }
}

/// Bytes in memory of their own, which goes back to its pool with the last reference, or in a file's mapping.
///
/// `@unchecked Sendable` holds because a buffer is written by one thread and handed on through a semaphore or a lock
/// before another reads it.
package final class Buffer: @unchecked Sendable {
  private let region: BufferPool.Region
  private let pool: BufferPool?
  /// Whose bytes they are, and which are never written.
  private let mapping: FileMapping?

  package init(count: Int, from pool: BufferPool) {
    self.pool = pool
    mapping = nil
    region = pool.take(count)
  }

  init(_ mapping: FileMapping) {
    pool = nil
    self.mapping = mapping
    region = BufferPool.Region(bytes: mapping.bytes)
  }

  deinit { pool?.give(back: region) }

  /// All of it; at least as many bytes as were asked for.
  package var bytes: UnsafeMutableRawBufferPointer { region.bytes }
  package var count: Int { region.bytes.count }

  package var isMapping: Bool { mapping != nil }
}

/// Some bytes of a buffer, which they keep alive, and where in the file they stand.
package struct Piece {
  package let buffer: Buffer
  package let range: Range<Int>
  /// Byte of the file at which the piece starts.
  package let offset: Int

  package init(buffer: Buffer, range: Range<Int>, offset: Int) {
    (self.buffer, self.range, self.offset) = (buffer, range, offset)
  }

  package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer.bytes[range]) }
}
