import Support
import Synchronization
import SystemPackage

/// The bytes of a file, a named pipe, or standard input (`-`).
package final class FileBytes: ByteSource {
  package let name: String
  package private(set) var consumedBytes = 0
  /// Bytes from where reading starts to the file's end, or nil for a pipe.
  package let size: Int?
  /// Where reading starts: standard input may be a file of which some was read already.
  private let start: Int

  private var descriptor: FileDescriptor
  private let ownsDescriptor: Bool
  /// Bytes looked at by ``peek(_:)`` and not yet read.
  private var peeked: [UInt8] = []
  /// What is mapped of the file, and from which byte on.
  private var window: (buffer: Buffer, start: Int)?
  /// Byte up to which the system was asked to read ahead.
  private var announced = 0
  package let integrity: FileIntegrity
  /// Whether bytes may be had by mapping: a read that fails because a server forgot the file can be tried again, a mapping
  /// cannot.
  private let isMappable: Bool
  /// Byte up to which ``IORate`` was asked for bytes that are not read here.
  private var paid = 0
  private let isStopped = Atomic<Bool>(false)

  /// Opens `name`; `-` is standard input.
  ///
  /// - Parameter integrity: of the same file, opened before; throws where it is another by now.
  package init(name: String, integrity shared: FileIntegrity? = nil) throws {
    self.name = name
    if name == "-" {
      descriptor = .standardInput
      ownsDescriptor = false
    } else {
      do {
        // A pipe is opened before its writer comes, who is waited for in reading, where cancellation is answered.
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
      // Whoever reads standard input next goes on from here.
      _ = try? descriptor.seek(offset: Int64(start + consumedBytes), from: .start)
    }
  }

  private static func open(_ name: String) throws -> FileDescriptor {
    var number = 0
    while true {
      do {
        return try FileDescriptor.open(FilePath(name), .readOnly, options: [.nonBlocking, .closeOnExec])
      } catch Errno.staleNFSFileHandle where number < Retries.most {
        Retries.note()
        pause(Retries.delay(number))
        number += 1
      }
    }
  }

  package static func cannotOpen(_ name: String, _ error: Errno) -> StreamError {
    if error == .noSuchFileOrDirectory {
      return StreamError(
        .missing, file: name, expected: "a file", found: "none of that name",
        advice: "check the path; a glob is expanded by collapse itself when quoted, as in 'data/train-*.npy.zst'")
    }
    return StreamError(
      .unreadable, file: name, expected: "a readable file", found: "\(error)",
      advice: "check the file's permissions and its disk")
  }

  static func isDirectory(_ name: String) -> StreamError {
    let format = ForeignFormat.of(folder: name)
    return StreamError(
      .notAFile, file: name, expected: "a file", found: format?.name ?? "a directory",
      advice: format?.advice(name) ?? "name the files in it, as in '\(name)/*.npy.zst'")
  }

  /// Whether a name stands for a pipe or a device: it cannot be read twice, nor looked at without waiting for it.
  package static func isOnce(_ name: String) -> Bool {
    var status = stat()
    return name == "-" || stat(name, &status) == 0 && ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
  }

  /// Refuses what can be read once only: a pipe, a device.
  package static func requireRegular(_ file: FileDescriptor, _ name: String) throws {
    var status = stat()
    guard fstat(file.rawValue, &status) == 0 else { throw cannotOpen(name, Errno(rawValue: errno)) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return
    case S_IFDIR: throw isDirectory(name)
    default:
      throw StreamError(
        .notAFile, file: name, expected: "a regular file, which can be read more than once",
        found: status.st_mode & S_IFMT == S_IFIFO ? "a pipe" : "a device", advice: "write it to a file, and name that")
    }
  }

  /// The next bytes, at most `count`, without taking them.
  package func peek(_ count: Int) throws -> [UInt8] {
    while peeked.count < count {
      var chunk = [UInt8](repeating: 0, count: count - peeked.count)
      let got = try chunk.withUnsafeMutableBytes { try readDescriptor(into: $0) }
      if got == 0 { break }
      peeked += chunk[..<got]
    }
    return Array(peeked.prefix(count))
  }

  package var mark: ByteMark? { ByteMark(frame: consumedBytes, content: 0) }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard !buffer.isEmpty else { return 0 }
    let count: Int
    if peeked.isEmpty {
      count = try readDescriptor(into: buffer)
    } else {
      count = min(peeked.count, buffer.count)
      buffer.copyBytes(from: peeked[..<count])
      peeked.removeFirst(count)
    }
    consumedBytes += count
    return count
  }

  package func skip(_ count: Int) throws -> Int {
    guard let size else { return try skipByReading(count) }
    let target = min(consumedBytes + count, max(size, consumedBytes))
    defer { move(to: target) }
    return target - consumedBytes
  }

  /// Bytes of a window that rows are lent from: few enough to be no burden on memory where a block ends in its midst, and
  /// enough for its making not to count.
  private static let windowBytes = 8 << 20
  /// Bytes that the system is asked to read ahead, so that a cold disk is at them while a window is worked on.
  private static let bytesAhead = 32 << 20

  package func lend(_ count: Int, from pool: BufferPool) throws -> Piece? {
    guard let rest = try mapped() else { return try lendCopy(count, from: pool) }
    let piece = Piece(buffer: rest.buffer, range: rest.range.prefix(count), offset: consumedBytes)
    move(to: consumedBytes + piece.range.count)
    return piece
  }

  /// The bytes that come next, mapped; nil at the end, and where the bytes cannot be mapped, as those of a pipe.
  private func mapped() throws -> Piece? {
    guard let size, isMappable, consumedBytes < size else { return nil }
    if let window, window.start <= consumedBytes, consumedBytes < window.start + window.buffer.count {
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

  /// The file for whoever reads it at any place; nil for a pipe, and where a server has the file: it may forget it, and
  /// then the file is opened anew here alone.
  package func positioned() -> PositionedFile? { isMappable ? PositionedFile(descriptor) : nil }

  /// The byte of the file that comes next.
  package var place: Int { start + consumedBytes }
  /// The byte at which the file ends; nil for a pipe.
  package var end: Int? { size.map { start + $0 } }

  /// Passes over bytes that somebody else reads, and has the system read on behind them.
  package func pass(_ count: Int) throws {
    try pay(upTo: consumedBytes + count)
    move(to: consumedBytes + count)
    announce(from: consumedBytes)
  }

  /// Goes back to a byte that was passed over.
  package func goBack(to target: Int) {
    peeked.removeAll()
    consumedBytes = target
  }

  /// Asks ``IORate`` for the bytes up to one of the file, where it was not asked for them.
  private func pay(upTo target: Int) throws {
    guard paid < target else { return }
    try IORate.ofProcess.take(target - max(paid, consumedBytes)) { isStopped.load(ordering: .relaxed) }
    paid = target
  }

  private func move(to target: Int) {
    peeked.removeFirst(min(target - consumedBytes, peeked.count))
    consumedBytes = target
  }

  /// Asks the system to read on from `place`, where it was not asked to already.
  private func announce(from place: Int) {
    guard place + Self.bytesAhead / 2 > announced, !IORate.ofProcess.isLimited else { return }
    let first = max(place, announced)
    announced = place + Self.bytesAhead
    if CachedPages.hold(descriptor.rawValue, start + first..<max(start + first, min(start + announced, end ?? 0))) {
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

  /// What `body` returns; of what the system refuses it the error of this file.
  package func refusing<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as Errno { throw unreadable("\(error)") }
  }

  private func readPipe(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    while true {
      try waitUntilReadable()
      do { return try descriptor.read(into: buffer) } catch Errno.resourceTemporarilyUnavailable {}
    }
  }

  /// Reads, and opens the file anew where its server has forgotten it.
  private func readFile(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let place = Int64(self.place + peeked.count)
    var tries = 0
    while true {
      do {
        return try descriptor.read(fromAbsoluteOffset: place, into: buffer)
      } catch let error as Errno where [.staleNFSFileHandle, .resourceTemporarilyUnavailable].contains(error) {
        guard tries < Retries.most, ownsDescriptor else { throw unreadable("\(error), after \(tries + 1) tries") }
        Retries.note()
        try wait(Retries.delay(tries))
        tries += 1
        if error == .staleNFSFileHandle { try reopen() }
      }
    }
  }

  /// Opens the file by its name and goes on with it, where it is the same. One that is not there yet is waited for with the
  /// next try.
  private func reopen() throws {
    guard let next = try? Self.open(name) else { return }
    guard integrity.isSame(next.rawValue) else {
      try? next.close()
      throw integrity.failure
    }
    try? descriptor.close()
    descriptor = next
  }

  private func wait(_ duration: Duration) throws {
    let end = SuspendingClock.now + duration
    while SuspendingClock.now < end {
      try Task.checkCancellation()
      if isStopped.load(ordering: .relaxed) { throw CancellationError() }
      pause(min(end - SuspendingClock.now, .milliseconds(100)))
    }
  }

  private func unreadable(_ found: String) -> StreamError {
    StreamError(
      .unreadable, file: name, position: "byte \(consumedBytes)", expected: "to read on", found: found,
      advice: size == nil ? "check the program that writes the pipe" : "check the disk, or the server that has the file"
    )
  }

  /// Waits for a pipe's writer, and answers cancellation while it waits.
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
