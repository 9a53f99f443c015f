import Support
import SystemPackage

/// The checkpoint format: named sections of bytes in the machine's byte order, and a checksum over them.
///
/// - The file starts with `collapse-checkpoint` and a version.
/// - Each section is the length of its name, the name, the number of bytes and the bytes. Numbers are 64-bit.
/// - A section with an empty name ends the list. The last 32 bytes are the XXH3-128 of everything before, in
///   hexadecimal.
///
/// A checkpoint can be resumed only on the same kind of machine with the same release. A state is for keeping.
package enum CheckpointFormat {
  /// Checkpoints of any version.
  package static let own = OwnFile.text("collapse-checkpoint ")

  static let magic = Array("collapse-checkpoint 1\n".utf8)
  /// A longer name means the file is damaged.
  static let longestName = 256

  static func bad(_ file: String, _ found: String, expected: String = "a complete checkpoint") -> StreamError {
    StreamError(
      .unreadable, file: file, expected: expected, found: found, advice: "remove it, or start over with --restart")
  }
}

/// Writes a checkpoint, section by section.
package final class CheckpointWriter: SnapshotWriter {
  private let name: String
  private let file: FileDescriptor
  private let checksum = Checksum()
  /// Bytes written.
  private var place: Int64 = 0

  /// - Parameters:
  ///   - temporary: the file to write.
  ///   - name: the file's name in errors.
  package init(_ temporary: String, for name: String) throws {
    self.name = name
    file = try AtomicFile.refusing(name) { try FileDescriptor.open(FilePath(named: temporary), .writeOnly) }
    try append(CheckpointFormat.magic)
  }

  deinit { try? file.close() }

  /// Writes a section of `byteCount` bytes, which `body` appends piece by piece.
  package func section(
    _ section: String, byteCount: Int, _ body: (_ append: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    try append(number: section.utf8.count)
    try append(Array(section.utf8))
    try append(number: byteCount)
    try body { try append($0) }
  }

  /// Ends the file.
  package func finish() throws {
    try append(number: 0)
    try append(number: 0)
    let sum = Array(checksum.value.utf8.prefix(32))
    try AtomicFile.refusing(name) { _ = try file.writeAll(toAbsoluteOffset: place, sum) }
  }

  private func append<Number: BitwiseCopyable>(_ numbers: [Number]) throws {
    try numbers.withUnsafeBytes { try append($0) }
  }

  private func append(number: Int) throws { try append([number]) }

  /// Size in bytes from which several threads pay off.
  private static let large = 1 << 20

  private func append(_ bytes: UnsafeRawBufferPointer) throws {
    defer { place += Int64(bytes.count) }
    guard bytes.count < Self.large else { return try appendLarge(bytes) }
    checksum.update(bytes)
    try AtomicFile.refusing(name) { _ = try file.writeAll(toAbsoluteOffset: place, bytes) }
  }

  private func appendLarge(_ bytes: UnsafeRawBufferPointer) throws {
    // The stage waits for all three. One sums the bytes; the other two only read them, and write separate parts of the
    // file.
    nonisolated(unsafe) let (checksum, bytes) = (checksum, bytes)
    let (file, place, half) = (file, place, bytes.count / 2)
    let failures = WorkerThreads(3).attempt(3) { piece in
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

/// Reads a complete checkpoint.
package final class CheckpointReader: SnapshotReader {
  package let name: String
  private let file: FileDescriptor
  private var sections: [String: Range<Int>] = [:]

  /// Opens a checkpoint and reads all of it to verify its checksum. Throws ``StreamError`` if it is damaged or
  /// unreadable.
  package init(_ name: String) throws {
    self.name = name
    do {
      file = try FileDescriptor.open(FilePath(named: name), .readOnly, options: [.nonBlocking, .closeOnExec])
    } catch let error as Errno {
      throw FileBytes.cannotOpen(name, error)
    }
    try FileBytes.requireRegular(file, name)
    // If this throws, only deinit may close the file: closed twice, the descriptor might already be another thread's.
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
      throw CheckpointFormat.bad(name, "another format, or a checkpoint of another release")
    }
    while true {
      let length = try number()
      guard (0...CheckpointFormat.longestName).contains(length) else { throw CheckpointFormat.bad(name, "damage") }
      let section = String(decoding: try take(length), as: UTF8.self)
      let count = try number()
      if section.isEmpty { break }
      let (end, overflow) = place.addingReportingOverflow(count)
      guard count >= 0, !overflow, end <= (try size()) else {
        throw CheckpointFormat.bad(name, "a truncated one")
      }
      sections[section] = place..<end
      while place < end { _ = try take(min(end - place, 1 << 22)) }
    }
    let sum = try bytes(at: place, count: 32)
    guard sum == Array(checksum.value.utf8) else { throw CheckpointFormat.bad(name, "damage: its checksum differs") }
  }

  private func size() throws -> Int {
    do {
      return Int(try file.seek(offset: 0, from: .end))
    } catch let error as Errno {
      throw CheckpointFormat.bad(name, "\(error)")
    }
  }

  /// The error for a checkpoint made with another release of libxxhash, whose checksum states cannot be resumed.
  package static func foreign(_ name: String) -> any DiagnosedError {
    CheckpointFormat.bad(name, "one made with another release of libxxhash")
  }

  /// Bytes in a section, or nil if there is no such section.
  package func byteCount(_ section: String) -> Int? { sections[section]?.count }

  /// Fills `buffer` with a section's bytes, starting at `offset`.
  package func read(_ section: String, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
    guard let range = sections[section], offset >= 0, offset <= range.count, buffer.count <= range.count - offset else {
      throw CheckpointFormat.bad(name, "too few bytes in section \(section)")
    }
    try fill(buffer, at: range.lowerBound + offset)
  }

  package func refusal(expected: String, found: String) -> any Error {
    CheckpointFormat.bad(name, found, expected: expected)
  }

  private func bytes(at place: Int, count: Int) throws -> [UInt8] {
    try MappedMemory.check(count, for: "a section of \(name)")
    return try [UInt8](unsafeUninitializedCapacity: count) { bytes, initialized in
      try fill(UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: bytes[..<count])), at: place)
      initialized = count
    }
  }

  private func fill(_ buffer: UnsafeMutableRawBufferPointer, at place: Int) throws {
    let got: Int
    do { got = try file.fill(buffer, at: place) } catch { throw CheckpointFormat.bad(name, "\(error)") }
    guard got == buffer.count else { throw CheckpointFormat.bad(name, "a truncated one") }
  }
}
