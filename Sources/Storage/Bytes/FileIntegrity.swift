import Support
import Synchronization

/// Whether a file stayed as it was while it was read: mapped bytes are the file's own, and whoever writes it writes them.
///
/// Three things tell: a mapping whose bytes were gone, another size or time of change when the file is closed, and once
/// more when all that was read of it has been used.
package final class FileIntegrity: Sendable {
  private let name: String
  private let opened: FileStamp?
  let isBroken = Atomic<Bool>(false)
  /// As it was when it was found to be another.
  private let changed = Mutex<FileStamp?>(nil)

  /// - Parameter descriptor: of the file, where it is a regular one.
  init(name: String, descriptor: Int32? = nil) {
    self.name = name
    opened = descriptor.flatMap { FileStamp(descriptor: $0) }
  }

  /// Looks at the file while it is still open.
  func note(_ descriptor: Int32) {
    if let opened, let now = FileStamp(descriptor: descriptor), !now.hasContent(of: opened) {
      changed.withLock { $0 = $0 ?? now }
      isBroken.store(true, ordering: .relaxed)
    }
  }

  /// Throws ``StreamError`` where the file changed.
  package func check() throws {
    if let opened, let now, now != opened { throw failure }
    if isBroken.load(ordering: .relaxed) { throw failure }
  }

  /// Whether another descriptor, of the file opened anew, has what this one had: a server that was started again may number
  /// its files anew.
  func isSame(_ descriptor: Int32) -> Bool {
    guard let opened, let now = FileStamp(descriptor: descriptor) else { return false }
    return now.hasContent(of: opened)
  }

  /// The file as it is, where its name is still its own.
  private var now: FileStamp? {
    FileStamp(path: name).flatMap { now in opened.map(now.isSameFile) == true ? now : nil }
  }

  package var failure: StreamError {
    let change = opened.flatMap { opened in (changed.withLock(\.self) ?? now)?.change(from: opened) }
    return StreamError(
      .unreadable, file: name, expected: "the file to stay as it was when it was opened",
      found: "it changed while it was read" + (change.map { ": \($0)" } ?? ""),
      advice: "let nobody write the file meanwhile, and check its disk; then run again")
  }
}

/// Which file, how large, and when it was changed last.
private struct FileStamp: Equatable {
  private let device: UInt64
  private let number: UInt64
  private let size: Int64
  private let seconds: Int
  private let nanoseconds: Int

  init?(descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    device = UInt64(status.st_dev)
    number = UInt64(status.st_ino)
    size = Int64(status.st_size)
    #if canImport(Glibc)
      (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    #else
      (seconds, nanoseconds) = (status.st_mtimespec.tv_sec, status.st_mtimespec.tv_nsec)
    #endif
  }

  /// Whether size and time of change are the same.
  func hasContent(of other: FileStamp) -> Bool {
    size == other.size && seconds == other.seconds && nanoseconds == other.nanoseconds
  }

  /// What became of the file that was as `other` says, in words; nil where size and time of change say nothing.
  func change(from other: FileStamp) -> String? {
    if size != other.size { return "it had \(other.size) bytes and has \(size)" }
    return hasContent(of: other) ? nil : "it was written to, and has \(size) bytes as before"
  }

  func isSameFile(as other: FileStamp) -> Bool { device == other.device && number == other.number }
}
