import Support
import Synchronization

/// Detects a file that changes while it is read. Mapped bytes are the file itself, so a writer changes them too.
///
/// A mapping with missing bytes shows a change, and so does a different size or modification time. These two are
/// checked when the file is closed, and again once everything read from it has been used.
///
/// The modification time can be put back. The time of the last status change (ctime) cannot, but it also moves with
/// permissions, links and names, as the inode does with a copy. So where only these differ, the content decides.
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

  /// Throws ``StreamError`` if the file has changed. A file whose name was removed is read to its end.
  ///
  /// - Parameter hasSameContent: reads the file again, and returns whether it still has the content that was used. It
  ///   is called only if the file's stamps leave that open.
  package func check(_ hasSameContent: () throws -> Bool = { false }) throws {
    if isBroken.load(ordering: .relaxed) { throw failure }
    guard let opened, let now else { return }
    switch now.comparison(with: opened) {
    case .same: return
    case .different: throw failure
    case .open: if try !hasSameContent() { throw failure }
    }
  }

  /// Whether the reopened file behind `descriptor` may have the same content.
  func isSame(_ descriptor: Int32) -> Bool {
    guard let opened, let now = FileStamp({ fstat(descriptor, $0) }) else { return false }
    switch now.comparison(with: opened) {
    case .same: return true
    case .different: return false
    case .open: return now.isSameFile(as: opened)
    }
  }

  /// The current state of the file with this name; nil if it does not exist.
  private var now: FileStamp? { FileStamp { name == "-" ? fstat(STDIN_FILENO, $0) : stat(name, $0) } }

  package var failure: StreamError {
    let change = opened.flatMap { opened in (changed.withLock(\.self) ?? now)?.change(from: opened) }
    return StreamError(
      .unreadable, file: name, expected: "the file to stay unchanged while it is read",
      found: "that it changed" + (change.map { ": \($0)" } ?? ""),
      advice: "make sure that nothing writes the file during the run, check its disk, then run again")
  }
}

/// Identity, size and times of a file.
private struct FileStamp: Equatable {
  private let device: UInt64
  private let number: UInt64
  private let size: Int64
  /// Seconds and nanoseconds of the last modification, and of the last change of status.
  private let modified: [Int]
  private let changed: [Int]

  /// The stamp of the file that `look` describes; nil if it does not return 0.
  init?(_ look: (UnsafeMutablePointer<stat>) -> Int32) {
    var status = stat()
    guard look(&status) == 0 else { return nil }
    device = UInt64(status.st_dev)
    number = UInt64(status.st_ino)
    size = Int64(status.st_size)
    #if canImport(Glibc)
      let (modified, changed) = (status.st_mtim, status.st_ctim)
    #else
      let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
    #endif
    self.modified = [modified.tv_sec, modified.tv_nsec]
    self.changed = [changed.tv_sec, changed.tv_nsec]
  }

  /// Whether size and modification time are the same.
  func hasContent(of other: FileStamp) -> Bool {
    size == other.size && modified == other.modified
  }

  /// What two stamps say of the content.
  enum Comparison { case same, different, open }

  func comparison(with other: FileStamp) -> Comparison {
    // A restarted server may renumber its files.
    if hasContent(of: other), changed == other.changed { return .same }
    let leavesOpen = isSameFile(as: other) ? hasContent(of: other) : size == other.size
    return leavesOpen ? .open : .different
  }

  /// The change since `other` in words; nil if nothing changed.
  func change(from other: FileStamp) -> String? {
    if !isSameFile(as: other) { return "another file took its name" }
    if size != other.size { return "it had \(other.size) bytes and now has \(size)" }
    if !hasContent(of: other) { return "it was written to and still has \(size) bytes" }
    return changed == other.changed ? nil : "it was written to, and its modification time was put back"
  }

  func isSameFile(as other: FileStamp) -> Bool { device == other.device && number == other.number }
}
