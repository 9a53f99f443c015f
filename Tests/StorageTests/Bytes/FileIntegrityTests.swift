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
}
