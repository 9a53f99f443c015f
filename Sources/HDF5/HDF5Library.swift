import CHDF5
import Foundation

/// The HDF5 library keeps one state for the whole process: every call into it is made under this lock.
package enum HDF5Library {
  private static let lock = NSRecursiveLock()

  /// Whether the library could be opened without a clean-up at exit, which loops over files that turned out to be damaged;
  /// handles are closed by their owners.
  private static let isOpen: Bool = H5dont_atexit() >= 0 && H5open() >= 0

  package static func locked<Result>(_ body: () throws -> Result) rethrows -> Result {
    try lock.withLock {
      _ = isOpen
      // Its own error printing is off for a thread, not for all.
      _ = collapse_h5_silence()
      return try body()
    }
  }

  /// What the last failure was, in one line.
  package static var lastError: String {
    systemError(in: lastMessage) ?? firstLine(of: lastMessage) ?? "an HDF5 failure"
  }

  /// What the operating system said at the last failure to write.
  static var lastWriteError: String { systemError(in: lastMessage) ?? "a failure of the HDF5 library" }

  /// The library's innermost message about the last failure.
  private static var lastMessage: String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(COLLAPSE_H5_ERROR_BYTES)) { text in
      collapse_h5_last_error(text.baseAddress)
      return text.baseAddress.map { String(cString: $0) } ?? ""
    }
  }

  /// The operating system's words in a message that also holds times, addresses and temporary names.
  static func systemError(in message: String) -> String? {
    guard let start = message.range(of: "error message = '", options: .backwards)?.upperBound,
      let end = message[start...].firstIndex(of: "'"), start < end
    else { return nil }
    return String(message[start..<end])
  }

  /// The library's version, as in 1.10.8.
  static let version: String = {
    var (major, minor, release): (UInt32, UInt32, UInt32) = (0, 0, 0)
    _ = H5get_libversion(&major, &minor, &release)
    return "\(major).\(minor).\(release)"
  }()

  private static func firstLine(of message: String) -> String? {
    message.split(whereSeparator: \.isNewline).first.map(String.init)
  }
}

/// An open object of the HDF5 library, closed with the last reference.
package final class HDF5Handle {
  package let id: hid_t
  private let close: (hid_t) -> herr_t

  /// - Parameter id: what the library returned; negative is a failure and throws `failure()`.
  init(_ id: hid_t, _ close: @escaping (hid_t) -> herr_t, orThrow failure: () -> any Error) throws {
    guard id >= 0 else { throw failure() }
    (self.id, self.close) = (id, close)
  }

  deinit {
    HDF5Library.locked { _ = close(id) }
  }
}
