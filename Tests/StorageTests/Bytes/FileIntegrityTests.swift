import Foundation
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Formats
@testable import Storage

@Suite("File integrity")
struct FileIntegrityTests {
  private typealias Change = (String) -> Int32

  private static func overwrite(_ path: String) -> Int32 {
    let descriptor = open(path, O_WRONLY)
    defer { close(descriptor) }
    // Longer than a tick of the clock used for file times.
    usleep(20_000)
    return pwrite(descriptor, [7], 1, 100) == 1 ? 0 : -1
  }

  @Test("A file truncated within its last page, overwritten or appended to counts as changed")
  func changed() throws {
    let folder = try TemporaryFolder()
    let changes: [(String, Change, String)] = [
      ("cut", { truncate($0, 49_995) }, "it had 50000 bytes and now has 49995"),
      ("grown", { truncate($0, 50_001) }, "it had 50000 bytes and now has 50001"),
      ("overwritten", Self.overwrite, "it was written to and still has 50000 bytes"),
    ]
    for (name, change, words) in changes {
      let path = try folder.write(name, [UInt8](repeating: 1, count: 50_000))
      let file = try FileDescriptor.open(FilePath(path), .readOnly)
      defer { try? file.close() }
      let unnoted = FileIntegrity(name: path, descriptor: file.rawValue)
      let noted = FileIntegrity(name: path, descriptor: file.rawValue)
      noted.note(file.rawValue)
      try noted.check()
      #expect(change(path) == 0)
      let found = "that it changed: \(words)"
      expectError(.unreadable, file: path, mentioning: found) { try unnoted.check() }
      noted.note(file.rawValue)
      // This also holds if another file has its name by now, or none has.
      #expect(unlink(path) == 0)
      try unnoted.check()
      expectError(.unreadable, file: path, mentioning: found) { try noted.check() }
    }
  }

  @Test("If bytes were missing but the file is unchanged, no other reason is given")
  func gone() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a", [1, 2, 3])
    let file = try FileDescriptor.open(FilePath(path), .readOnly)
    defer { try? file.close() }
    let integrity = FileIntegrity(name: path, descriptor: file.rawValue)
    integrity.isBroken.store(true, ordering: .relaxed)
    let diagnosis = expectError(.unreadable, file: path) { try integrity.check() }
    #expect(diagnosis?.found == "that it changed")
  }

  @Test("A stream whose file changes during reading is an error for that file", arguments: ["a.npy", "a.npy.zst"])
  func stream(name: String) throws {
    let folder = try TemporaryFolder()
    let samples = StreamSamples(rows: 80_000, dimension: 16, scalar: .float64)
    let stream = samples.stream()
    let path = try folder.write(name, name.hasSuffix("zst") ? Zstd.frames(stream, of: 1 << 20) : stream)
    let reader = EmbeddingReader(inputs: [path], options: ReadOptions(threads: 2))
    _ = try reader.next()
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    #expect(truncate(path, size - 5) == 0)
    while (try? reader.next()) != nil {}
    expectError(.unreadable, file: path) { try reader.checkIntact() }
  }

  // MARK: Changes with the modification time put back

  /// Writes a byte in place, or puts another file under the name, and puts the modification time back.
  private static func hide(_ change: (String) -> Int32, of path: String) {
    var status = stat()
    #expect(stat(path, &status) == 0)
    usleep(20_000)
    #expect(change(path) == 0)
    #expect(utimensat(AT_FDCWD, path, [status.st_atim, status.st_mtim], 0) == 0)
  }

  private static func replace(_ path: String, _ bytes: [UInt8]) -> Int32 {
    #expect(FileManager.default.createFile(atPath: path + ".new", contents: Data(bytes)))
    return rename(path + ".new", path)
  }

  @Test("If only the time of the last status change differs, or the file behind the name, the content decides")
  func hidden() throws {
    let folder = try TemporaryFolder()
    let content = [UInt8](repeating: 1, count: 50_000)
    let changes: [(String, Change, String)] = [
      ("overwritten", Self.overwrite, "it was written to, and its modification time was put back"),
      ("replaced", { Self.replace($0, content) }, "another file took its name"),
      ("mode", { chmod($0, 0o600) }, "its modification time was put back"),
      ("linked", { link($0, $0 + ".link") }, "its modification time was put back"),
    ]
    for (name, change, words) in changes {
      let path = try folder.write(name, content)
      let file = try FileDescriptor.open(FilePath(path), .readOnly)
      defer { try? file.close() }
      let integrity = FileIntegrity(name: path, descriptor: file.rawValue)
      try integrity.check()
      Self.hide(change, of: path)
      expectError(.unreadable, file: path, mentioning: words) { try integrity.check { false } }
      var calls = 0
      try integrity.check {
        calls += 1
        return true
      }
      #expect(calls == 1)
    }
    let path = try folder.write("another size", content)
    let file = try FileDescriptor.open(FilePath(path), .readOnly)
    defer { try? file.close() }
    let integrity = FileIntegrity(name: path, descriptor: file.rawValue)
    Self.hide({ Self.replace($0, [1, 2]) }, of: path)
    expectError(.unreadable, file: path, mentioning: "another file took its name") { try integrity.check { true } }
  }

  @Test("A file that another one replaced is not opened again as the same file")
  func reopened() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a", [1, 2, 3])
    let first = try FileBytes(name: path)
    #expect(try FileBytes(name: path, integrity: first.integrity).peek(3) == [1, 2, 3])
    #expect(chmod(path, 0o600) == 0)
    #expect(try FileBytes(name: path, integrity: first.integrity).peek(3) == [1, 2, 3])
    Self.hide({ Self.replace($0, [4, 5, 6]) }, of: path)
    expectError(.unreadable, file: path, mentioning: "another file took its name") {
      _ = try FileBytes(name: path, integrity: first.integrity)
    }
  }

  @Test(
    "A stream changed with its time put back is an error; one whose mode, links or copies changed is not",
    arguments: ["a.npy", "a.npy.zst", "contiguous.h5", "chunked.h5", "predictions.npy"])
  func hiddenInStream(name: String) throws {
    let samples = StreamSamples(rows: 80_000, dimension: 16, scalar: .float64, predictions: name.hasPrefix("pred"))
    let stream = samples.stream()
    func read(_ change: (String) -> Int32) throws -> EmbeddingReader {
      let folder = try TemporaryFolder()
      let path = folder.file(name)
      switch name {
      case "contiguous.h5": RawHDF5.write(path, samples, chunkRows: nil)
      case "chunked.h5": RawHDF5.write(path, samples, chunkRows: 1000)
      default: try folder.write(name, name.hasSuffix("zst") ? Zstd.frames(stream, of: 1 << 20) : stream)
      }
      let reader = EmbeddingReader(inputs: [path], options: ReadOptions(threads: 2))
      _ = try reader.next()
      Self.hide(change, of: path)
      while try reader.next() != nil {}
      try reader.checkIntact()
      return reader
    }
    func flip(_ path: String, at place: Int) -> Int32 {
      let file = open(path, O_RDWR)
      defer { close(file) }
      var byte: UInt8 = 0
      guard pread(file, &byte, 1, off_t(place)) == 1 else { return -1 }
      byte ^= 1
      return pwrite(file, &byte, 1, off_t(place)) == 1 ? 0 : -1
    }
    _ = try read { chmod($0, 0o600) }
    _ = try read { link($0, $0 + ".link") }
    _ = try read { path in Self.replace(path, Array(FileManager.default.contents(atPath: path) ?? Data())) }
    // Labels, predictions and features that were read already.
    let places = ["a.npy": 200, "predictions.npy": 80_000 * 4 + 400, "contiguous.h5": 1_500_000]
    if let first = places[name] {
      expectError(.unreadable, mentioning: "put back") { _ = try read { flip($0, at: first) } }
    }
    if !name.hasSuffix("zst"), !name.hasPrefix("chunked") {
      let size = samples.features.count
      expectError(.unreadable, mentioning: "another file took its name") {
        _ = try read { path in
          var bytes = Array(FileManager.default.contents(atPath: path) ?? Data())
          bytes[bytes.count - size / 8 * 7 - 8] ^= 1
          return Self.replace(path, bytes)
        }
      }
    }
  }
}
