import TestSupport
import Testing

@testable import Streams

@Suite("The digest of a file")
struct FileDigestTests {
  @Test("It is that of its bytes, however many", arguments: [0, 1, 5_000_000])
  func bytes(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let checksum = Checksum()
    checksum.update(bytes)
    let folder = try TemporaryFolder()
    #expect(try FileDigest.of(folder.write("f", bytes)) == checksum.value)
  }

  @Test("A file that is not there is an error that names it")
  func missing() throws {
    let error = #expect(throws: StreamError.self) { try FileDigest.of("/no/such/file") }
    #expect(error?.diagnosis.file == "/no/such/file")
  }
}
