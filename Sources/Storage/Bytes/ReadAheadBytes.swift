import Dispatch
import Synchronization

/// Reads a source ahead of its consumer on a separate thread: while one piece is processed, the next ones are read or
/// decompressed.
///
/// Memory: four pieces of 4 MiB.
package final class ReadAheadBytes: ByteSource {
  package let name: String
  package private(set) var consumedBytes: Int
  /// Used only by the thread, except for ``ByteSource/stop()``.
  private let source: ByteSource
  private let feed = ReadAheadQueue()
  private var piece: Piece?
  private var isAtEnd = false

  /// - Parameter source: must not be used elsewhere from now on.
  package init(_ source: ByteSource, pool: BufferPool) {
    name = source.name
    consumedBytes = source.consumedBytes
    self.source = source
    // Only the thread uses the source, except for stop(), which any thread may call.
    nonisolated(unsafe) let source = source
    let feed = feed
    DispatchQueue(label: "collapse.ahead", qos: .userInitiated).async { feed.run(source, pool) }
  }

  deinit { stop() }

  package func stop() {
    source.stop()
    feed.stop()
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard !buffer.isEmpty, let part = try take(buffer.count) else { return 0 }
    buffer.copyMemory(from: part.bytes)
    return part.range.count
  }

  package func lend(_ count: Int, from pool: BufferPool) throws -> Piece? { try take(count) }

  private func take(_ count: Int) throws -> Piece? {
    guard let piece = try piece ?? next() else { return nil }
    let cut = min(piece.range.lowerBound + count, piece.range.upperBound)
    let rest = Piece(buffer: piece.buffer, range: cut..<piece.range.upperBound, offset: piece.offset)
    self.piece = rest.range.isEmpty ? nil : rest
    return Piece(buffer: piece.buffer, range: piece.range.lowerBound..<cut, offset: piece.offset)
  }

  private func next() throws -> Piece? {
    guard !isAtEnd else { return nil }
    let stretch = try feed.take()
    consumedBytes = stretch.consumed
    if case .success(.some(let piece)) = stretch.piece { return piece }
    isAtEnd = true
    return try stretch.piece.get()
  }
}

/// Passes pieces from the thread to the reader.
private final class ReadAheadQueue: Sendable {
  private static let stretchBytes = 4 << 20

  private let ready = Mutex<[(piece: Result<Piece?, any Error>, consumed: Int)]>([])
  private let filled = DispatchSemaphore(value: 0)
  /// How many more pieces may be read ahead. It starts at 0, because a semaphore released below its initial value ends
  /// the process.
  private let room = DispatchSemaphore(value: 0)
  private let isStopped = Atomic<Bool>(false)

  init() {
    for _ in 0..<3 { room.signal() }
  }

  /// Reads pieces until the end, an error, or ``stop()``.
  func run(_ source: ByteSource, _ pool: BufferPool) {
    while true {
      room.wait()
      if isStopped.load(ordering: .relaxed) { return }
      let piece = Result { try source.lend(Self.stretchBytes, from: pool) }
      let consumed = source.consumedBytes
      ready.withLock { $0.append((piece, consumed)) }
      filled.signal()
      guard case .success(.some) = piece else { return }
    }
  }

  /// The next piece. Throws `CancellationError` if the task is cancelled while waiting.
  func take() throws -> (piece: Result<Piece?, any Error>, consumed: Int) {
    while filled.wait(timeout: .now() + .milliseconds(100)) == .timedOut { try Task.checkCancellation() }
    defer { room.signal() }
    return ready.withLock { $0.removeFirst() }
  }

  func stop() {
    isStopped.store(true, ordering: .relaxed)
    room.signal()
  }
}
