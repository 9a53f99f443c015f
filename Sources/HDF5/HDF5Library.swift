import CHDF5
import Foundation

/// The HDF5 library has one global state, so every call into it is made under this lock.
package enum HDF5Library {
  private static let lock = NSRecursiveLock()

  /// Whether the library could be opened. It is opened without its clean-up at exit, which hangs on damaged files; owners
  /// close their handles instead.
  ///
  /// Files may come from strangers. So their links into other files are not followed (``HDF5Link``), and a filter that
  /// they name loads a plugin only if the user has said where those are.
  private static let isOpen: Bool = {
    // Refused if the library is already open, as in a program that uses it too.
    _ = H5dont_atexit()
    let arePluginsSet = getenv("HDF5_PLUGIN_PATH") != nil || H5PLset_loading_state(0) >= 0
    return H5open() >= 0 && collapse_h5_refuse_external_links() >= 0 && arePluginsSet
  }()

  /// Opens the library, once, and turns off error printing, which is done per thread. (A bare `_ = isOpen` would not even
  /// look at it.)
  private static func prepare() -> Bool { isOpen && collapse_h5_silence() >= 0 }

  package static func locked<Result>(_ body: () throws -> Result) rethrows -> Result {
    try lock.withLock {
      _ = prepare()
      return try body()
    }
  }

  /// The last failure, in one line.
  package static var lastError: String {
    systemError(in: lastMessage) ?? lastMessage.split(whereSeparator: \.isNewline).first.map(String.init)
      ?? "an HDF5 failure"
  }

  /// The operating system's message for the last failed write.
  static var lastWriteError: String { systemError(in: lastMessage) ?? "a failure of the HDF5 library" }

  /// The library's innermost message about the last failure.
  private static var lastMessage: String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(COLLAPSE_H5_ERROR_BYTES)) { text in
      collapse_h5_last_error(text.baseAddress)
      return text.baseAddress.map { String(cString: $0) } ?? ""
    }
  }

  /// Extracts the operating system's error from a message that also contains times, addresses and temporary names.
  static func systemError(in message: String) -> String? {
    guard let start = message.range(of: "error message = '", options: .backwards)?.upperBound,
      let end = message[start...].firstIndex(of: "'"), start < end
    else { return nil }
    return String(message[start..<end])
  }

  /// The library's version, such as 1.10.8.
  static let version: String = {
    var (major, minor, release): (UInt32, UInt32, UInt32) = (0, 0, 0)
    _ = H5get_libversion(&major, &minor, &release)
    return "\(major).\(minor).\(release)"
  }()
}

/// An open object of the HDF5 library, closed with the last reference.
package final class HDF5Handle {
  package let id: hid_t
  private let close: (hid_t) -> herr_t

  /// - Parameter id: the library's result. If negative, throws `failure()`.
  init(_ id: hid_t, _ close: @escaping (hid_t) -> herr_t, orThrow failure: () -> any Error) throws {
    guard id >= 0 else { throw failure() }
    (self.id, self.close) = (id, close)
  }

  deinit {
    HDF5Library.locked { _ = close(id) }
  }
}
