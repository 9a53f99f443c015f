import Foundation
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

  @Test("A pipe, a device and a folder are refused at once; a link is the file that it names")
  func notFiles() throws {
    let folder = try TemporaryFolder()
    let pipe = try folder.makePipe("p")
    for name in [pipe, "/dev/zero", folder.path] {
      expectError(.notAFile, file: name, mentioning: "cannot be read twice") { _ = try FileDigest.of(name) }
    }
    let file = try folder.write("f", [1, 2, 3])
    try FileManager.default.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: file)
    #expect(try FileDigest.of(folder.file("link")) == FileDigest.of(file))
  }
}
