import SystemPackage
import TestSupport
import Testing

@Suite("Full reads")
struct FullReadTests {
  @Test("A buffer is filled from anywhere in a file, and as far as the file goes")
  func fill() throws {
    let folder = try TemporaryFolder()
    let bytes = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    let file = try FileDescriptor.open(FilePath(folder.write("a", bytes)), .readOnly)
    try file.closeAfter {
      for (place, count) in [(0, 70_000), (1, 12), (69_990, 100), (70_000, 5), (80_000, 5), (7, 0)] {
        var buffer = [UInt8](repeating: 0, count: count)
        let got = try buffer.withUnsafeMutableBytes { try file.fill($0, at: place) }
        #expect(buffer[..<got] == bytes.dropFirst(place).prefix(count))
      }
    }
  }

  @Test("An error of the system is passed on")
  func refused() throws {
    let file = try FileDescriptor.open(FilePath("/"), .readOnly)
    try file.closeAfter {
      var buffer = [UInt8](repeating: 0, count: 4)
      #expect(throws: Errno.isDirectory) { try buffer.withUnsafeMutableBytes { try file.fill($0, at: 0) } }
    }
  }
}
