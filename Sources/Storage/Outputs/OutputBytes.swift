import Support
import SystemPackage

/// Where a stream is written: a file, of which nothing is seen before it is whole, or standard output (`-`).
public final class OutputBytes {
  private let name: String
  private let descriptor: FileDescriptor
  private let pending: AtomicFile.Pending?
  private var isDone = false
  /// Bytes written.
  public private(set) var count = 0

  /// Throws ``StreamError`` of kind `cannotWrite` where the place refuses.
  public init(_ name: String) throws {
    self.name = name
    guard name != "-" else {
      (descriptor, pending) = (.standardOutput, nil)
      return
    }
    let pending = try AtomicFile.begin(name)
    do {
      descriptor = try FileDescriptor.open(FilePath(pending.temporary), .writeOnly, options: .closeOnExec)
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

  /// Writes all of `bytes`. Throws ``StreamError`` of kind `cannotWrite`, and `CancellationError` where the task is cancelled
  /// while a limit to the rate keeps it waiting.
  public func write(_ bytes: UnsafeRawBufferPointer) throws {
    try IORate.ofProcess.take(bytes.count)
    do {
      count += try descriptor.writeAll(bytes)
    } catch let error as Errno {
      guard pending == nil else { throw AtomicFile.cannotWrite(name, error) }
      throw StreamError(
        .cannotWrite,
        Diagnosis(
          file: "standard output", expected: "to write the stream", found: "\(error)",
          advice: "check where it goes, or name a file with --output"))
    }
  }

  /// Gives the file its name, once all of it is written.
  public func commit() throws {
    guard let pending, !isDone else { return }
    isDone = true
    try? descriptor.close()
    try pending.commit()
  }
}
