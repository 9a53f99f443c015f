import Foundation

/// A folder for one test, gone with its last reference.
final class TemporaryFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("streams-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  /// Writes a file and returns its path.
  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: file(name)))) }

  /// Names in the folder, hidden ones too, in order.
  var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }

  /// Makes a named pipe.
  func makePipe(_ name: String) throws -> String {
    guard mkfifo(file(name), 0o600) == 0 else { throw CocoaError(.fileWriteUnknown) }
    return file(name)
  }

  /// Makes a named pipe into which a thread of its own writes `bytes`, `chunk` at a time; the writer gives up where the
  /// reader does.
  func pipe(_ name: String, of bytes: [UInt8], chunk: Int = 1 << 16) throws -> String {
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
    let wrote = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + done, min(chunk, bytes.count - done)) }
    guard wrote > 0 else { return }
    done += wrote
  }
}
