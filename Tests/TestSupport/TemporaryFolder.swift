import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// A folder for one test, removed when the test releases it.
package final class TemporaryFolder {
  package let path: String

  package init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("collapse-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a name in the folder.
  package func file(_ name: String) -> String { path + "/" + name }

  /// Writes a file and returns its path. An old one is removed first, because truncating it makes some file systems
  /// wait for the disk.
  @discardableResult
  package func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    unlink(file(name))
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  @discardableResult
  package func write(_ name: String, text: String) throws -> String { try write(name, Array(text.utf8)) }

  /// A file's bytes.
  package func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: file(name)))) }

  /// The names of all entries in the folder, hidden ones too.
  package var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }

  /// Makes a named pipe.
  package func makePipe(_ name: String) throws -> String {
    guard mkfifo(file(name), 0o600) == 0 else { throw CocoaError(.fileWriteUnknown) }
    return file(name)
  }

  /// Makes a socket that nobody listens to.
  package func makeSocket(_ name: String) throws -> String {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(file(name).utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { throw CocoaError(.fileWriteUnknown) }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    #if canImport(Glibc)
      let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
    #endif
    defer { close(descriptor) }
    let made = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard made == 0 else { throw CocoaError(.fileWriteUnknown) }
    return file(name)
  }

  /// Makes a named pipe into which a separate thread writes `bytes`, `chunk` at a time; the writer gives up if the
  /// reader does.
  package func pipe(_ name: String, of bytes: [UInt8], chunk: Int = 1 << 16) throws -> String {
    let path = try makePipe(name)
    signal(SIGPIPE, SIG_IGN)
    Thread.detachNewThread { send(bytes, to: path, chunk: chunk) }
    return path
  }
}

private func send(_ bytes: [UInt8], to path: String, chunk: Int) {
  let descriptor = open(path, O_WRONLY)
  defer { close(descriptor) }
  var done = 0
  while done < bytes.count {
    let wrote = bytes[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, min(chunk, $0.count)) }
    guard wrote > 0 else { return }
    done += wrote
  }
}
