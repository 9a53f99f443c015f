import TestSupport
import Testing

@testable import Storage

@Suite("Outputs of bytes")
struct OutputBytesTests {
  @Test("A file has its name once all of it is written, and nothing is left of an abandoned one")
  func whole() throws {
    let folder = try TemporaryFolder()
    do {
      let output = try OutputBytes(folder.file("a"))
      try [UInt8](0..<10).withUnsafeBytes(output.write)
      #expect(try !folder.names.contains("a"))
      try [UInt8](10..<12).withUnsafeBytes(output.write)
      try output.commit()
      #expect(output.count == 12)
      _ = try OutputBytes(folder.file("b"))
    }
    #expect(try folder.names == ["a"])
    #expect(try folder.read("a") == [UInt8](0..<12))
  }

  @Test("A folder that refuses is named")
  func refused() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: StreamError.self) { try OutputBytes(folder.file("none/a")) }
    #expect(error?.kind == .cannotWrite && error?.isBadInput == false)
  }
}
