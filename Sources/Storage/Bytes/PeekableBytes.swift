/// A source whose first bytes can be peeked at.
package final class PeekableBytes: ByteSource {
  private let source: ByteSource
  private var looked: ArraySlice<UInt8> = []

  package init(_ source: ByteSource) { self.source = source }

  package var name: String { source.name }
  package var consumedBytes: Int { source.consumedBytes }
  package func stop() { source.stop() }

  /// Nil until the peeked bytes have been read.
  package var mark: ResumablePosition? { looked.isEmpty ? source.mark : nil }

  /// Peeks at the first `count` bytes; fewer if the source ends.
  package func look(_ count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = try bytes.withUnsafeMutableBytes { try source.fill($0) }
    looked = bytes[..<got]
    return Array(looked)
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    if looked.isEmpty { return try source.read(into: buffer) }
    let some = looked.prefix(buffer.count)
    buffer.copyBytes(from: some)
    looked = looked.dropFirst(some.count)
    return some.count
  }

  package func lend(_ count: Int, from pool: BufferPool) throws -> Piece? {
    looked.isEmpty ? try source.lend(count, from: pool) : try lendCopy(count, from: pool)
  }

  package func skip(_ count: Int) throws -> Int {
    let some = min(looked.count, count)
    looked = looked.dropFirst(some)
    return try some + source.skip(count - some)
  }
}
