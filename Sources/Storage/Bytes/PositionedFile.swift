import Support
import SystemPackage

/// A file that any thread may read at any place.
package final class PositionedFile: Sendable {
  private let descriptor: FileDescriptor

  /// The file behind a descriptor, under one of its own; nil where the process may have no more of them.
  init?(_ file: FileDescriptor) {
    let own = fcntl(file.rawValue, F_DUPFD_CLOEXEC, 0)
    guard own >= 0 else { return nil }
    descriptor = FileDescriptor(rawValue: own)
  }

  deinit { try? descriptor.close() }

  /// Reads the bytes from `place` on until the buffer is full or the file ends, and returns how many those are.
  package func read(at place: Int, into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
    try descriptor.fill(buffer, at: place)
  }
}
