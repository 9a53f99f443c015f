import Support
import SystemPackage

/// A file that any thread may read at any position.
package final class PositionedFile: Sendable {
  private let descriptor: FileDescriptor

  /// Duplicates the descriptor; nil if the process has reached its limit of descriptors.
  init?(_ file: FileDescriptor) {
    let own = fcntl(file.rawValue, F_DUPFD_CLOEXEC, 0)
    guard own >= 0 else { return nil }
    descriptor = FileDescriptor(rawValue: own)
  }

  deinit { try? descriptor.close() }

  /// Reads from byte `place` until the buffer is full or the file ends. Returns the number of bytes read.
  package func read(at place: Int, into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
    try descriptor.fill(buffer, at: place)
  }
}
