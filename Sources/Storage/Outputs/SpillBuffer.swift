import Support
import SystemPackage

/// Bytes kept until they are needed: in memory up to a limit, beyond it in an unnamed temporary file.
///
/// A batch's labels come before its features, and a column-major array must be complete before its first row is. Both
/// may exceed memory. The spool grows with the bytes that arrive, never with what a header promises.
package final class SpillBuffer {
  private let limit: Int
  /// The folder of the file; nil for `TMPDIR`.
  private let folder: String?
  private var memory: UnsafeMutableRawBufferPointer
  private var file: FileDescriptor?
  package private(set) var count = 0

  /// - Parameters:
  ///   - limit: bytes to keep in memory. Plans count them as part of the process.
  ///   - folder: for the file; nil for `TMPDIR`.
  package init(limit: Int = 4 << 20, in folder: String? = nil) {
    (self.limit, self.folder) = (limit, folder)
    memory = .allocate(byteCount: 1 << 16, alignment: 64)
  }

  deinit {
    memory.deallocate()
    try? file?.close()
  }

  /// Discards all bytes but keeps the memory.
  package func removeAll() throws {
    count = 0
    if let file {
      self.file = nil
      try file.close()
    }
  }

  private var advice: String {
    (folder == nil ? "set TMPDIR to a folder with more space" : "give --scratch a folder with more space")
      + ", or write the stream in smaller batches"
  }

  /// Appends up to `total` bytes from `source` and returns how many; fewer only at the end of the source.
  package func append(_ total: Int, from source: ByteSource) throws -> Int {
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
    let bytes = UnsafeRawBufferPointer(rebasing: memory[..<got])
    try writing { _ = try file.writeAll(toAbsoluteOffset: Int64(count), bytes) }
    count += got
    return got
  }

  /// Copies the bytes from `offset` on into `buffer`.
  ///
  /// - Precondition: `offset + buffer.count` is at most ``count``.
  package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
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
      let file = try TemporaryFile.unnamed(in: folder)
      _ = try file.writeAll(toAbsoluteOffset: 0, UnsafeRawBufferPointer(rebasing: memory[..<count]))
      self.file = file
      return file
    }
  }

  private func writing<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as Errno {
      throw StreamError(
        .cannotWrite, file: folder ?? TemporaryFile.directory, expected: "room for \(count) bytes of temporary data",
        found: "\(error)", advice: Shortage.advice(for: error) ?? advice)
    }
  }
}
