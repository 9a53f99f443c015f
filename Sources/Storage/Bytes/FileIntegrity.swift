import Support
import Synchronization

/// Detects a file that changes while it is read. Mapped bytes are the file itself, so a writer changes them too.
///
/// A mapping with missing bytes shows a change, and so does a different size or modification time. These two are
/// checked when the file is closed, and again once everything read from it has been used.
package final class FileIntegrity: Sendable {
  private let name: String
  private let opened: FileStamp?
  let isBroken = Atomic<Bool>(false)
  /// The file's state when the change was found.
  private let changed = Mutex<FileStamp?>(nil)

  /// - Parameter descriptor: that of a regular file; nil for anything else.
  init(name: String, descriptor: Int32? = nil) {
    self.name = name
    opened = descriptor.flatMap { descriptor in FileStamp { fstat(descriptor, $0) } }
  }

  /// Checks the file while it is still open.
  func note(_ descriptor: Int32) {
    if let opened, let now = FileStamp({ fstat(descriptor, $0) }), !now.hasContent(of: opened) {
      changed.withLock { $0 = $0 ?? now }
      isBroken.store(true, ordering: .relaxed)
    }
  }

  /// Throws ``StreamError`` if the file has changed.
  package func check() throws {
    if let opened, let now, now != opened { throw failure }
    if isBroken.load(ordering: .relaxed) { throw failure }
  }

  /// Whether the reopened file behind `descriptor` has the same content. Its number is ignored, because a restarted
  /// server may renumber its files.
  func isSame(_ descriptor: Int32) -> Bool {
    guard let opened, let now = FileStamp({ fstat(descriptor, $0) }) else { return false }
    return now.hasContent(of: opened)
  }

  /// The file's current state, or nil if its name now belongs to another file.
  private var now: FileStamp? {
    FileStamp { stat(name, $0) }.flatMap { now in opened.map(now.isSameFile) == true ? now : nil }
  }

  package var failure: StreamError {
    let change = opened.flatMap { opened in (changed.withLock(\.self) ?? now)?.change(from: opened) }
    return StreamError(
      .unreadable, file: name, expected: "the file to stay unchanged while it is read",
      found: "that it changed" + (change.map { ": \($0)" } ?? ""),
      advice: "make sure that nothing writes the file during the run, check its disk, then run again")
  }
}

/// Identity, size and modification time of a file.
private struct FileStamp: Equatable {
  private let device: UInt64
  private let number: UInt64
  private let size: Int64
  private let seconds: Int
  private let nanoseconds: Int

  /// The stamp of the file that `look` describes; nil if it does not return 0.
  init?(_ look: (UnsafeMutablePointer<stat>) -> Int32) {
    var status = stat()
    guard look(&status) == 0 else { return nil }
    device = UInt64(status.st_dev)
    number = UInt64(status.st_ino)
    size = Int64(status.st_size)
    #if canImport(Glibc)
      (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    #else
      (seconds, nanoseconds) = (status.st_mtimespec.tv_sec, status.st_mtimespec.tv_nsec)
    #endif
  }

  /// Whether size and modification time are the same.
  func hasContent(of other: FileStamp) -> Bool {
    size == other.size && seconds == other.seconds && nanoseconds == other.nanoseconds
  }

  /// The change since `other` in words; nil if size and modification time are the same.
  func change(from other: FileStamp) -> String? {
    if size != other.size { return "it had \(other.size) bytes and now has \(size)" }
    return hasContent(of: other) ? nil : "it was written to and still has \(size) bytes"
  }

  func isSameFile(as other: FileStamp) -> Bool { device == other.device && number == other.number }
}
