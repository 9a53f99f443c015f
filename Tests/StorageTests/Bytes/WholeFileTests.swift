import TestSupport
import Testing

@testable import Storage

@Suite("Whole files")
struct WholeFileTests {
  @Test("All bytes of a file or a pipe are read, up to a limit")
  func bytes() throws {
    let folder = try TemporaryFolder()
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let path = try folder.write("a", bytes)
    #expect(try WholeFile.bytes(path, limit: 200_000, kind: "bytes") == bytes)
    #expect(try WholeFile.bytes(folder.pipe("p", of: bytes), limit: 200_000, kind: "bytes") == bytes)
    for name in [path, try folder.pipe("q", of: bytes)] {
      expectError(.unknownFormat, file: name, mentioning: "some bytes of at most 199999 bytes") {
        _ = try WholeFile.bytes(name, limit: 199_999, kind: "some bytes")
      }
    }
  }
}
