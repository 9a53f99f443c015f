import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite("Checkpoint files")
struct CheckpointFileTests {
  private func write(_ folder: TemporaryFolder) throws -> String {
    let path = folder.file("c")
    try AtomicFile.write(path) { temporary in
      let writer = try CheckpointWriter(temporary, for: path)
      try writer.section("numbers", [1, 2, 3])
      try writer.section("none", [Double]())
      try writer.section("pieces", byteCount: 6) { append in
        for piece in [[UInt8]([1, 2]), [], [3, 4, 5, 6]] { try piece.withUnsafeBytes { try append($0) } }
      }
      try writer.finish()
    }
    return path
  }

  @Test("Sections read back as they were written")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let reader = try CheckpointReader(write(folder))
    #expect(try reader.numbers("numbers", as: Int.self) == [1, 2, 3])
    #expect(try reader.numbers("none", as: Double.self).isEmpty)
    #expect(reader.byteCount("pieces") == 6)
    #expect(reader.byteCount("others") == nil)
    var part = [UInt8](repeating: 0, count: 3)
    try part.withUnsafeMutableBytes { try reader.read("pieces", at: 2, into: $0) }
    #expect(part == [3, 4, 5])
    #expect(throws: StreamError.self) { try reader.numbers("pieces", as: Int.self) }
    #expect(throws: StreamError.self) { try part.withUnsafeMutableBytes { try reader.read("pieces", at: 4, into: $0) } }
  }

  @Test("A section written by several threads reads back too, between others")
  func large() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("c")
    let numbers: [Int] = (0..<400_001).map { $0 &* 40_503 }
    try AtomicFile.write(path) { temporary in
      let writer = try CheckpointWriter(temporary, for: path)
      try writer.section("before", [1])
      try writer.section("large", numbers)
      try writer.section("after", [2])
      try writer.finish()
    }
    let reader = try CheckpointReader(path)
    #expect(try reader.numbers("before", as: Int.self) == [1])
    #expect(try reader.numbers("large", as: Int.self) == numbers)
    #expect(try reader.numbers("after", as: Int.self) == [2])
  }

  @Test("A file truncated anywhere, or with any byte changed, is refused")
  func damage() throws {
    let folder = try TemporaryFolder()
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: write(folder))))
    for count in bytes.indices {
      let path = try folder.write("cut", Array(bytes[..<count]))
      #expect(throws: StreamError.self, "\(count)") { try CheckpointReader(path) }
    }
    for place in bytes.indices {
      var changed = bytes
      changed[place] ^= 0x41
      let path = try folder.write("changed", changed)
      #expect(throws: StreamError.self, "\(place)") { try CheckpointReader(path) }
    }
    #expect(throws: StreamError.self) { try CheckpointReader(folder.file("missing")) }
  }
}
