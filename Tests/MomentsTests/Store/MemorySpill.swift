import Synchronization

@testable import Moments

/// Rows set aside in memory, by their offset.
final class MemorySpill: RowSpill {
  /// The error for bytes beyond the available room, or bytes never written.
  struct Refusal: Error {}

  /// Room, in bytes.
  let room: Atomic<Int>
  private let rows = Mutex<[Int: [UInt8]]>([:])

  init(room: Int = .max) { self.room = Atomic(room) }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
    guard offset + bytes.count <= room.load(ordering: .relaxed) else { throw Refusal() }
    rows.withLock { $0[offset] = Array(bytes) }
  }

  func read(at offset: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
    guard let row = rows.withLock({ $0[offset] }), row.count == bytes.count else { throw Refusal() }
    bytes.copyBytes(from: row)
  }

  func announce(at offset: Int, count: Int) {}
}

extension ResidentLimit {
  /// This many rows in the store's memory, and the others in memory that stands for scratch.
  static func rows(_ rows: Int) -> ResidentLimit { ResidentLimit(rows: rows) { MemorySpill() } }
}
