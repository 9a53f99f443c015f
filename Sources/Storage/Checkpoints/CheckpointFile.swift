import Support
import SystemPackage

/// The format of a checkpoint: named sections of bytes one after another, in the byte order of the machine, and a sum over them.
///
/// `collapse-checkpoint` and a version; then of each section the length of its name, the name, its bytes' number and the bytes;
/// a section of no name ends the file, whose last 32 bytes are the XXH3-128 of all before them, in hexadecimal. Numbers are 64-bit. A checkpoint is
/// for going on on the same kind of machine, with the same release; what is kept is a state.
enum CheckpointFormat {
  static let magic = Array("collapse-checkpoint 1\n".utf8)
  /// Longer names are damage.
  static let longestName = 256

  static func bad(_ file: String, _ found: String, expected: String = "a whole checkpoint") -> StreamError {
    StreamError(
      .unreadable, file: file, expected: expected, found: found, advice: "remove it, or start over with --restart")
  }
}

/// Writes a checkpoint, section by section.
public final class CheckpointWriter: SnapshotWriter {
  private let name: String
  private let file: FileDescriptor
  private let checksum = Checksum()
  /// Bytes written.
  private var place: Int64 = 0

  /// - Parameters:
  ///   - temporary: the file to write.
  ///   - name: what errors call it.
  public init(_ temporary: String, for name: String) throws {
    self.name = name
    file = try AtomicFile.refusing(name) { try FileDescriptor.open(FilePath(temporary), .writeOnly) }
    try append(CheckpointFormat.magic)
  }

  deinit { try? file.close() }

  /// Writes a section of `byteCount` bytes, which `body` hands over piece by piece.
  public func section(
    _ section: String, byteCount: Int, _ body: (_ append: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    try append(number: section.utf8.count)
    try append(Array(section.utf8))
    try append(number: byteCount)
    try body { try append($0) }
  }

  /// Ends the file.
  public func finish() throws {
    try append(number: 0)
    try append(number: 0)
    let sum = Array(checksum.value.utf8.prefix(32))
    try AtomicFile.refusing(name) { _ = try file.writeAll(toAbsoluteOffset: place, sum) }
  }

  private func append<Number: BitwiseCopyable>(_ numbers: [Number]) throws {
    try numbers.withUnsafeBytes { try append($0) }
  }

  private func append(number: Int) throws { try append([number]) }

  /// Bytes from which on several threads are worth it.
  private static let large = 1 << 20

  private func append(_ bytes: UnsafeRawBufferPointer) throws {
    defer { place += Int64(bytes.count) }
    guard bytes.count < Self.large else { return try appendLarge(bytes) }
    checksum.update(bytes)
    try AtomicFile.refusing(name) { _ = try file.writeAll(toAbsoluteOffset: place, bytes) }
  }

  private func appendLarge(_ bytes: UnsafeRawBufferPointer) throws {
    // The stage waits meanwhile. One piece sums the bytes, which the others only read and write to places of their own.
    nonisolated(unsafe) let (checksum, bytes) = (checksum, bytes)
    let (file, place, half) = (file, place, bytes.count / 2)
    let failures = Workers(3).attempt(3) { piece in
      switch piece {
      case 0: checksum.update(bytes)
      case 1: try file.writeAll(toAbsoluteOffset: place, UnsafeRawBufferPointer(rebasing: bytes[..<half]))
      default:
        try file.writeAll(toAbsoluteOffset: place + Int64(half), UnsafeRawBufferPointer(rebasing: bytes[half...]))
      }
    }
    if let failure = failures.lazy.compactMap(\.self).first { try AtomicFile.refusing(name) { throw failure } }
  }
}

/// Reads a checkpoint that is whole.
public final class CheckpointReader: SnapshotReader {
  public let name: String
  private let file: FileDescriptor
  private var sections: [String: Range<Int>] = [:]

  /// Opens a checkpoint and reads it through, to check its sum. Throws ``StreamError`` where it is damaged, or cannot be read.
  public init(_ name: String) throws {
    self.name = name
    do {
      file = try FileDescriptor.open(FilePath(name), .readOnly, options: [.nonBlocking, .closeOnExec])
    } catch let error as Errno {
      throw FileBytes.cannotOpen(name, error)
    }
    try FileBytes.requireRegular(file, name)
    // Whatever it throws, the file is closed by deinit, and by it alone: a second time it might be another thread's.
    try check()
  }

  deinit { try? file.close() }

  private func check() throws {
    let checksum = Checksum()
    var place = 0
    func take(_ count: Int) throws -> [UInt8] {
      let bytes = try bytes(at: place, count: count)
      checksum.update(bytes)
      place += count
      return bytes
    }
    func number() throws -> Int { try take(8).withUnsafeBytes { $0.loadUnaligned(as: Int.self) } }
    guard try take(CheckpointFormat.magic.count) == CheckpointFormat.magic else {
      throw CheckpointFormat.bad(name, "something else, or one of another release")
    }
    while true {
      let length = try number()
      guard (0...CheckpointFormat.longestName).contains(length) else { throw CheckpointFormat.bad(name, "damage") }
      let section = String(decoding: try take(length), as: UTF8.self)
      let count = try number()
      if section.isEmpty { break }
      let (end, overflow) = place.addingReportingOverflow(count)
      guard count >= 0, !overflow, end <= (try size()) else {
        throw CheckpointFormat.bad(name, "one that was cut short")
      }
      sections[section] = place..<end
      while place < end { _ = try take(min(end - place, 1 << 22)) }
    }
    let sum = try bytes(at: place, count: 32)
    guard sum == Array(checksum.value.utf8) else { throw CheckpointFormat.bad(name, "damage: its sum is another") }
  }

  private func size() throws -> Int {
    do {
      return Int(try file.seek(offset: 0, from: .end))
    } catch let error as Errno {
      throw CheckpointFormat.bad(name, "\(error)")
    }
  }

  /// The error that a checkpoint was made with another release of a library, whose sums cannot be gone on with.
  public static func foreign(_ name: String) -> any DiagnosedError {
    CheckpointFormat.bad(name, "one that was made with another release of libxxhash")
  }

  /// Bytes of a section; nil where there is none of that name.
  public func byteCount(_ section: String) -> Int? { sections[section]?.count }

  /// Fills `buffer` with a section's bytes from `offset` on.
  public func read(_ section: String, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
    guard let range = sections[section], offset >= 0, offset <= range.count, buffer.count <= range.count - offset else {
      throw CheckpointFormat.bad(name, "no such bytes of \(section)")
    }
    try fill(buffer, at: range.lowerBound + offset)
  }

  package func refusal(expected: String, found: String) -> any Error {
    CheckpointFormat.bad(name, found, expected: expected)
  }

  private func bytes(at place: Int, count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { bytes, initialized in
      try fill(UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: bytes[..<count])), at: place)
      initialized = count
    }
  }

  private func fill(_ buffer: UnsafeMutableRawBufferPointer, at place: Int) throws {
    let got: Int
    do { got = try file.fill(buffer, at: place) } catch { throw CheckpointFormat.bad(name, "\(error)") }
    guard got == buffer.count else { throw CheckpointFormat.bad(name, "one that was cut short") }
  }
}
