import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Formats
@testable import Storage

@Suite("The digest of a file")
struct FileDigestTests {
  @Test("It covers all bytes, for any number of them", arguments: [0, 1, 5_000_000])
  func bytes(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let checksum = Checksum()
    checksum.update(bytes)
    let folder = try TemporaryFolder()
    #expect(try FileDigest.of(folder.write("f", bytes)) == checksum.value)
  }

  @Test("The digest of a link is that of its target")
  func link() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("f", [1, 2, 3])
    try FileManager.default.createSymbolicLink(atPath: folder.file("l"), withDestinationPath: "f")
    #expect(try FileDigest.of(folder.file("l")) == FileDigest.of(file))
  }

  @Test("The digest of an index covers its shards")
  func shards() throws {
    let folder = try TemporaryFolder()
    let index = try folder.write("any.json", text: #"{"metadata": {}, "weight_map": {"a": "0.safetensors"}}"#)
    func digest(_ byte: UInt8) throws -> String {
      try folder.write("0.safetensors", Safetensors.file([("a", "I8", [1], [byte])]))
      return try FileDigest.of(index)
    }
    #expect(try digest(1) != digest(2))
  }

  @Test("A pipe without a writer, a device and a folder are refused at once, by name and kind")
  func notFiles() throws {
    let folder = try TemporaryFolder()
    for (path, found) in [
      (try folder.makePipe("p"), "a pipe"), ("/dev/zero", "a device"), (folder.path, "a directory"),
    ] {
      let error = #expect(throws: StreamError.self) { try FileDigest.of(path) }
      #expect(error?.kind == .notAFile && error?.diagnosis.file == path && error?.diagnosis.found == found)
    }
  }

  @Test("A missing file is an error that names it")
  func missing() throws {
    let error = #expect(throws: StreamError.self) { try FileDigest.of("/no/such/file") }
    #expect(error?.diagnosis.file == "/no/such/file")
  }
}
