import SystemPackage
import TestSupport
import Testing

@testable import Storage

@Suite("Positioned files")
struct PositionedFileTests {
  private func open(_ path: String) throws -> PositionedFile {
    let file = try FileDescriptor.open(FilePath(path), .readOnly)
    return try file.closeAfter { try #require(PositionedFile(file)) }
  }

  @Test("Many threads read any position at once, even after the first descriptor is closed")
  func anywhere() async throws {
    let folder = try TemporaryFolder()
    let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    let file = try open(folder.write("a", content))
    await withTaskGroup { group in
      for first in stride(from: 0, to: 90_000, by: 997) {
        group.addTask {
          let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 5_000, alignment: 1)
          defer { bytes.deallocate() }
          #expect((try? file.read(at: first, into: bytes)) == 5_000)
          #expect(bytes.elementsEqual(content[first..<first + 5_000]))
        }
      }
    }
  }

  @Test("At the file's end fewer bytes are read, and after it none")
  func end() throws {
    let folder = try TemporaryFolder()
    let file = try open(folder.write("a", [1, 2, 3]))
    var bytes = [UInt8](repeating: 0, count: 5)
    #expect(try bytes.withUnsafeMutableBytes { try file.read(at: 1, into: $0) } == 2)
    #expect(bytes == [2, 3, 0, 0, 0])
    #expect(try bytes.withUnsafeMutableBytes { try file.read(at: 9, into: $0) } == 0)
  }

  @Test("An error of the system is passed on")
  func refused() throws {
    let file = try open("/")
    var bytes = [UInt8](repeating: 0, count: 5)
    #expect(throws: Errno.isDirectory) { try bytes.withUnsafeMutableBytes { try file.read(at: 0, into: $0) } }
  }
}
