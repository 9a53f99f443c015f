import SystemPackage

/// Writes a stream to standard output (`-`), or to a file that appears only once it is complete.
package final class OutputBytes {
  private let name: String
  private let descriptor: FileDescriptor
  private let pending: AtomicFile.Pending?
  private var isDone = false
  /// Bytes written so far.
  package private(set) var count = 0

  /// Throws ``StreamError`` of kind `cannotWrite` if the file cannot be created.
  package init(_ name: String) throws {
    self.name = name
    guard name != "-" else {
      (descriptor, pending) = (.standardOutput, nil)
      return
    }
    let pending = try AtomicFile.begin(name)
    do {
      descriptor = try FileDescriptor.open(FilePath(named: pending.temporary), .writeOnly, options: .closeOnExec)
    } catch let error as Errno {
      pending.abandon()
      throw AtomicFile.cannotWrite(name, error)
    }
    self.pending = pending
  }

  deinit {
    guard let pending, !isDone else { return }
    try? descriptor.close()
    pending.abandon()
  }

  /// Writes all of `bytes`. Throws ``StreamError`` of kind `cannotWrite`, and `CancellationError` if the task is
  /// cancelled while the rate limit makes it wait.
  package func write(_ bytes: UnsafeRawBufferPointer) throws {
    try IORate.ofProcess.take(bytes.count)
    do {
      count += try descriptor.writeAll(bytes)
    } catch let error as Errno {
      guard pending == nil else { throw AtomicFile.cannotWrite(name, error) }
      throw StreamError(
        .cannotWrite, file: "standard output", expected: "to write the stream", found: "\(error)",
        advice: "check where it goes, or name a file with --output")
    }
  }

  /// Gives the complete file its final name.
  package func commit() throws {
    guard let pending, !isDone else { return }
    isDone = true
    try? descriptor.close()
    try pending.commit()
  }
}
