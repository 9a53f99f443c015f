import Storage
import SystemPackage

/// Bytes set aside until they are wanted: in memory up to a limit, beyond it in a temporary file without a name.
///
/// A batch's labels come before its features, and a column-major array before its first row is complete; both may be
/// larger than memory. The spool grows with the bytes that really arrive, never with what a header promises.
final class Spool {
  private let limit: Int
  private var memory: UnsafeMutableRawBufferPointer
  private var file: FileDescriptor?
  private(set) var count = 0

  /// - Parameter limit: bytes kept in memory.
  init(limit: Int = 16 << 20) {
    self.limit = limit
    memory = .allocate(byteCount: 1 << 16, alignment: 64)
  }

  deinit {
    memory.deallocate()
    try? file?.close()
  }

  /// Forgets all bytes and keeps the memory.
  func removeAll() throws {
    count = 0
    if let file {
      self.file = nil
      try file.close()
    }
  }

  /// Appends up to `total` bytes from `source` and returns how many there were; fewer only at the source's end.
  func append(_ total: Int, from source: ByteSource) throws -> Int {
    var done = 0
    while done < total {
      let wanted = min(total - done, 1 << 20)
      let got = try appendChunk(wanted, from: source)
      if got == 0 { break }
      done += got
    }
    return done
  }

  private func appendChunk(_ wanted: Int, from source: ByteSource) throws -> Int {
    if file == nil, count + wanted <= limit {
      reserve(count + wanted)
      let got = try source.fill(UnsafeMutableRawBufferPointer(rebasing: memory[count..<count + wanted]))
      count += got
      return got
    }
    let file = try self.file ?? spill()
    reserve(wanted)
    let got = try source.fill(UnsafeMutableRawBufferPointer(rebasing: memory[..<wanted]))
    try writing { _ = try file.writeAll(toAbsoluteOffset: Int64(count), memory[..<got]) }
    count += got
    return got
  }

  /// Copies the bytes from `offset` on into `buffer`.
  ///
  /// - Precondition: that many bytes were appended.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
    precondition(offset + buffer.count <= count)
    guard let file else {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[offset..<offset + buffer.count]))
      return
    }
    try writing {
      guard try file.fill(buffer, at: offset) == buffer.count else { throw Errno.ioError }
    }
  }

  private func reserve(_ bytes: Int) {
    guard bytes > memory.count else { return }
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: max(bytes, memory.count * 2), alignment: 64)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<min(count, memory.count)]))
    memory.deallocate()
    memory = larger
  }

  private func spill() throws -> FileDescriptor {
    try writing {
      let file = try TemporaryFile.unnamed()
      _ = try file.writeAll(toAbsoluteOffset: 0, memory[..<count])
      self.file = file
      return file
    }
  }

  private func writing<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as Errno {
      throw StreamError(
        .cannotWrite, file: TemporaryFile.directory, expected: "room for \(count) bytes set aside", found: "\(error)",
        advice: "set TMPDIR to a folder with more room, or write the stream in smaller batches")
    }
  }
}

extension FileDescriptor {
  /// Writes all of `bytes` at an offset, however many calls it takes.
  func writeAll(toAbsoluteOffset offset: Int64, _ bytes: Slice<UnsafeMutableRawBufferPointer>) throws -> Int {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(done))
      done += try write(toAbsoluteOffset: offset + Int64(done), rest)
    }
    return done
  }
}
