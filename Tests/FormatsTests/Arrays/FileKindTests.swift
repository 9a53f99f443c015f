import TestSupport
import Testing

@testable import Formats

@Suite("File kind")
struct FileKindTests {
  @Test("A file is known by its first bytes, not by its name")
  func kinds() throws {
    let folder = try TemporaryFolder()
    #expect(try FileKind.of(folder.write("a.txt", NPY.floats([[1]]))) == .npy)
    #expect(try FileKind.of(folder.write("b.npy", Zstd.frame([1]))) == .zstd)
    #expect(try FileKind.of(folder.write("c.npy", Zstd.skippable([1]))) == .zstd)
    #expect(try FileKind.of(folder.write("d.npy", [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 0])) == .hdf5)
    for bytes in [[], [0x93], Array("text".utf8), [0x89, 0x48, 0x44, 0x46]] as [[UInt8]] {
      #expect(try FileKind.of(folder.write("e.npy", bytes)) == .other)
    }
    expectError(.missing) { _ = try FileKind.of(folder.file("missing")) }
    expectError(.notAFile) { _ = try FileKind.of(folder.path) }
  }
}
