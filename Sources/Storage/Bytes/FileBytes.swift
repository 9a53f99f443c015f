import Support
import Synchronization
import SystemPackage

/// The bytes of a file, a named pipe, or standard input (`-`).
package final class FileBytes: ByteSource {
  package let name: String
  package private(set) var consumedBytes = 0
  /// Bytes from the start of reading to the file's end; nil for a pipe.
  package let size: Int?
  /// Where reading starts: standard input may be a partly read file.
  private let start: Int

  private var descriptor: FileDescriptor
  private let ownsDescriptor: Bool
  /// Bytes returned by ``peek(_:)``, or read ahead from a pipe, but not yet read.
  private var peeked: ArraySlice<UInt8> = []
  /// How many small reads in a row were near each other, and where the last one ended.
  private var near = (reads: 0, end: 0)
  /// The mapped part of the file and its first byte.
  private var window: (buffer: Buffer, start: Int)?
  /// The byte up to which the system was asked to read ahead.
  private var announced = 0
  package let integrity: FileIntegrity
  /// Whether the file may be mapped. If a server forgets the file, a failed read can be retried, but a mapping cannot.
  private let isMappable: Bool
  /// The byte up to which ``IORate`` was asked for bytes that are not read here.
  private var paid = 0
  private let isStopped = Atomic<Bool>(false)

  /// Opens `name`; `-` is standard input.
  ///
  /// - Parameter integrity: that of the same file, opened earlier. Throws if the file has changed since.
  package init(name: String, integrity shared: FileIntegrity? = nil) throws {
    self.name = name
    if name == "-" {
      descriptor = .standardInput
      ownsDescriptor = false
    } else {
      do {
        // Opening a pipe does not wait for its writer; reading does, and can be cancelled.
        descriptor = try Self.open(name)
      } catch let error as Errno {
        throw Self.cannotOpen(name, error)
      }
      ownsDescriptor = true
    }
    var status = stat()
    let isRegular = fstat(descriptor.rawValue, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    start = isRegular ? max(0, (try? descriptor.seek(offset: 0, from: .current)).map(Int.init) ?? 0) : 0
    size = isRegular ? max(0, Int(status.st_size) - start) : nil
    isMappable = isRegular && !RemoteFileSystems.holds(descriptor.rawValue)
    integrity = shared ?? FileIntegrity(name: name, descriptor: isRegular ? descriptor.rawValue : nil)
    if isRegular {
      _ = posix_fadvise(descriptor.rawValue, 0, 0, POSIX_FADV_SEQUENTIAL)
    }
    if status.st_mode & S_IFMT == S_IFDIR { throw Self.isDirectory(name) }
    if let shared, !shared.isSame(descriptor.rawValue) { throw shared.failure }
  }

  deinit {
    if size != nil { integrity.note(descriptor.rawValue) }
    if ownsDescriptor {
      try? descriptor.close()
    } else if size != nil {
      // The next reader of standard input continues from here.
      _ = try? descriptor.seek(offset: Int64(start + consumedBytes), from: .start)
    }
  }

  private static func open(_ name: String) throws -> FileDescriptor {
    var number = 0
    while true {
      do {
        return try FileDescriptor.open(FilePath(named: name), .readOnly, options: [.nonBlocking, .closeOnExec])
      } catch Errno.staleNFSFileHandle where number < FileReopens.most {
        FileReopens.note()
        pause(FileReopens.delay(number))
        number += 1
      }
    }
  }

  package static func cannotOpen(_ name: String, _ error: Errno) -> StreamError {
    guard !FileName.hasZero(name) else { return zero(in: name, expected: "a file") }
    if error == .noSuchFileOrDirectory {
      return StreamError(
        .missing, file: name, expected: "a file", found: "no such file",
        advice: HomeFolder.advice(for: name)
          ?? "check the path; collapse expands quoted globs itself, as in 'data/train-*.npy.zst'")
    }
    if let advice = Shortage.advice(for: error) {
      return StreamError(.shortage, file: name, expected: "to open it", found: "\(error)", advice: advice)
    }
    return StreamError(
      .unreadable, file: name, expected: "a readable file", found: "\(error)",
      advice: "check the file's permissions and its disk")
  }

  /// The error for a name that nothing can have; see ``FileName/withBytes(of:_:)``.
  static func zero(in name: String, expected: String) -> StreamError {
    StreamError(
      .badReference, file: name, expected: expected, found: "the character U+0000 in its name",
      advice: "remove it: no file can have such a name")
  }

  static func isDirectory(_ name: String) -> StreamError {
    let format = ForeignFormat.of(folder: name)
    return StreamError(
      .notAFile, file: name, expected: "a file", found: format?.name ?? "a directory",
      advice: format?.advice(name) ?? "name the files in it, as in '\(name)/*.npy.zst'")
  }

  /// Whether a name stands for a pipe or device, which can be read only once and may block even when peeked at.
  package static func isOnce(_ name: String) -> Bool {
    var status = stat()
    return name == "-" || stat(name, &status) == 0 && ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
  }

  /// Throws if the file can be read only once, as a pipe or device.
  package static func requireRegular(_ file: FileDescriptor, _ name: String) throws {
    var status = stat()
    guard fstat(file.rawValue, &status) == 0 else { throw cannotOpen(name, Errno(rawValue: errno)) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return
    case S_IFDIR: throw isDirectory(name)
    default:
      throw StreamError(
        .notAFile, file: name, expected: "a regular file, which can be read more than once",
        found: status.st_mode & S_IFMT == S_IFIFO ? "a pipe" : "a device", advice: "write it to a file and name that")
    }
  }

  /// The next bytes, at most `count`, without consuming them.
  package func peek(_ count: Int) throws -> [UInt8] {
    while peeked.count < count {
      let chunk = try chunk(of: count - peeked.count)
      if chunk.isEmpty { break }
      peeked += chunk
    }
    return Array(peeked.prefix(count))
  }

  package var mark: ResumablePosition? { ResumablePosition(frame: consumedBytes, content: 0) }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard !buffer.isEmpty else { return 0 }
    if peeked.isEmpty, buffer.count <= Self.smallRead {
      if size == nil {
        peeked = try chunk(of: Self.pipeBytes)
        if peeked.isEmpty { return 0 }
      } else if isNear(buffer.count), let count = try copyMapped(into: buffer) {
        return count
      }
    }
    let count: Int
    if peeked.isEmpty {
      count = try readDescriptor(into: buffer)
    } else {
      let some = peeked.prefix(buffer.count)
      count = some.count
      buffer.copyBytes(from: some)
      peeked = peeked.dropFirst(count)
    }
    consumedBytes += count
    return count
  }

  /// Reads of at most this many bytes come from the mapped part of the file, or from bytes read ahead from a pipe, if
  /// that saves system calls.
  private static let smallRead = 4096
  /// Bytes to read ahead from a pipe, if it has them.
  private static let pipeBytes = 1 << 16
  /// More small reads near each other are worth mapping what comes next.
  private static let fewReads = 16

  /// Reads at most `count` bytes; none at the end.
  private func chunk(of count: Int) throws -> ArraySlice<UInt8> {
    var chunk = [UInt8](repeating: 0, count: count)
    let got = try chunk.withUnsafeMutableBytes { try readDescriptor(into: $0) }
    return chunk[..<got]
  }

  /// Whether the next bytes are mapped, or worth mapping for a small read.
  private func isNear(_ count: Int) -> Bool {
    near.reads = (0...4 * Self.smallRead).contains(consumedBytes - near.end) ? near.reads + 1 : 0
    near.end = consumedBytes + count
    return near.reads > Self.fewReads || window.map { holds(consumedBytes, $0) } == true
  }

  /// Copies mapped bytes; nil if they must be read.
  private func copyMapped(into buffer: UnsafeMutableRawBufferPointer) throws -> Int? {
    guard let piece = try mapped() else { return nil }
    let count = min(piece.range.count, buffer.count)
    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: piece.bytes[..<count]))
    guard !piece.buffer.isBroken else { throw integrity.failure }
    consumedBytes += count
    return count
  }

  package func skip(_ count: Int) throws -> Int {
    guard let size else { return try skipByReading(count) }
    let step = min(count, max(size - consumedBytes, 0))
    move(to: consumedBytes + step)
    return step
  }

  /// Bytes per mapped window. Small enough to be cheap to keep when a block ends inside it, and large enough that
  /// mapping costs little.
  private static let windowBytes = 8 << 20
  /// Bytes the system is asked to read ahead, so that a cold disk works while a window is processed.
  private static let bytesAhead = 32 << 20

  package func lend(_ count: Int, from pool: BufferPool) throws -> Piece? {
    guard let rest = try mapped() else { return try lendCopy(count, from: pool) }
    let piece = Piece(buffer: rest.buffer, range: rest.range.prefix(count), offset: consumedBytes)
    move(to: consumedBytes + piece.range.count)
    return piece
  }

  /// The next bytes, mapped; nil at the end and for files that cannot be mapped, such as pipes.
  private func mapped() throws -> Piece? {
    guard let size, isMappable, consumedBytes < size else { return nil }
    if let window, holds(consumedBytes, window) {
      return Piece(
        buffer: window.buffer, range: consumedBytes - window.start..<window.buffer.count, offset: consumedBytes)
    }
    let bytes = min(Self.windowBytes, size - consumedBytes)
    try pay(upTo: consumedBytes + bytes)
    announce(from: consumedBytes + bytes)
    guard
      let mapping = FileMapping(descriptor, at: place, count: bytes, integrity: integrity)
    else { return nil }
    let buffer = Buffer(mapping)
    window = (buffer, consumedBytes)
    return Piece(buffer: buffer, range: 0..<bytes, offset: consumedBytes)
  }

  private func holds(_ place: Int, _ window: (buffer: Buffer, start: Int)) -> Bool {
    window.start <= place && place < window.start + window.buffer.count
  }

  /// The file, for reading at any position. Nil for a pipe, and for a file on a server: the server may forget the file,
  /// and only this reader reopens it.
  package func positioned() -> PositionedFile? { isMappable ? PositionedFile(descriptor) : nil }

  /// The next byte of the file.
  package var place: Int { start + consumedBytes }
  /// The byte at which the file ends; nil for a pipe.
  package var end: Int? { size.map { start + $0 } }

  /// Skips bytes that someone else reads, and asks the system to read ahead beyond them.
  package func pass(_ count: Int) throws {
    try pay(upTo: consumedBytes + count)
    move(to: consumedBytes + count)
    announce(from: consumedBytes)
  }

  /// Goes back to a byte that was skipped.
  package func goBack(to target: Int) {
    peeked = []
    consumedBytes = target
  }

  /// Asks ``IORate`` for all bytes up to `target` that it was not asked for yet.
  private func pay(upTo target: Int) throws {
    guard paid < target else { return }
    try IORate.ofProcess.take(target - max(paid, consumedBytes)) { isStopped.load(ordering: .relaxed) }
    paid = target
  }

  private func move(to target: Int) {
    peeked = peeked.dropFirst(target - consumedBytes)
    consumedBytes = target
  }

  /// Asks the system to read ahead from `place`, unless already asked.
  private func announce(from place: Int) {
    // Beyond that, sums would overflow; only sparse files are that large.
    guard start + place < .max - 2 * Self.bytesAhead else { return }
    guard place + Self.bytesAhead / 2 > announced, !IORate.ofProcess.isLimited else { return }
    let first = max(place, announced)
    announced = place + Self.bytesAhead
    if PageCache.hold(descriptor.rawValue, start + first..<max(start + first, min(start + announced, end ?? 0))) {
      return
    }
    _ = posix_fadvise(descriptor.rawValue, off_t(start + first), off_t(announced - first), POSIX_FADV_WILLNEED)
  }

  package func stop() { isStopped.store(true, ordering: .relaxed) }

  private func readDescriptor(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = try refusing { try size == nil ? readPipe(into: buffer) : readFile(into: buffer) }
    try IORate.ofProcess.take(count) { isStopped.load(ordering: .relaxed) }
    return count
  }

  /// Calls `body` and turns system errors into errors about this file.
  package func refusing<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as Errno { throw unreadable("\(error)") }
  }

  private func readPipe(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    while true {
      try waitUntilReadable()
      do { return try descriptor.read(into: buffer) } catch Errno.resourceTemporarilyUnavailable {}
    }
  }

  /// Reads, and reopens the file if its server has forgotten it.
  private func readFile(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let place = Int64(self.place + peeked.count)
    var tries = 0
    while true {
      do {
        return try descriptor.read(fromAbsoluteOffset: place, into: buffer)
      } catch let error as Errno where [.staleNFSFileHandle, .resourceTemporarilyUnavailable].contains(error) {
        guard tries < FileReopens.most, ownsDescriptor else { throw unreadable("\(error), after \(tries + 1) tries") }
        FileReopens.note()
        try pause(FileReopens.delay(tries)) { isStopped.load(ordering: .relaxed) }
        tries += 1
        if error == .staleNFSFileHandle { try reopen() }
      }
    }
  }

  /// Opens the file by name and continues with it if it is the same file. If it does not exist now, the next try may
  /// find it.
  private func reopen() throws {
    guard let next = try? Self.open(name) else { return }
    guard integrity.isSame(next.rawValue) else {
      try? next.close()
      throw integrity.failure
    }
    try? descriptor.close()
    descriptor = next
  }

  private func unreadable(_ found: String) -> StreamError {
    StreamError(
      .unreadable, file: name, position: "byte \(consumedBytes)", expected: "to read on", found: found,
      advice: size == nil ? "check the program that writes the pipe" : "check the disk, or the file server"
    )
  }

  /// Waits for a pipe's writer. The wait can be cancelled.
  private func waitUntilReadable() throws {
    var request = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
    let start = SuspendingClock.now
    var isWaiting = false
    defer { if isWaiting { PipeWaits.end(self) } }
    while true {
      try Task.checkCancellation()
      if isStopped.load(ordering: .relaxed) { throw CancellationError() }
      let ready = poll(&request, 1, 100)
      if ready > 0 || (ready < 0 && errno != EINTR) { return }
      if !isWaiting {
        isWaiting = true
        PipeWaits.begin(self, name, bytes: consumedBytes, since: start)
      }
    }
  }
}
