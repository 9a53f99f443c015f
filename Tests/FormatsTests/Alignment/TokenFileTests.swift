import Foundation
import TestSupport
import Testing

@testable import Formats

@Suite("Files of token ids by position")
struct TokenFileTests {
  private func ids(_ name: String, _ width: TokenWidth? = nil) throws -> [Int64] {
    let file = try TokenFile(name, width: width, options: ReadOptions(threads: 2))
    var ids: [Int64] = []
    var some = [Int64](repeating: 0, count: 7)
    while true {
      let count = try some.withUnsafeMutableBufferPointer { try file.integers.read(into: $0) }
      if count == 0 { break }
      ids += some[..<count]
    }
    try file.checkEnd { false }
    if let count = file.count { #expect(count == ids.count) }
    return ids
  }

  @Test("A file with a header is read by it, whatever its name and the given width")
  func content() throws {
    let expected = try ids(Fixtures.file("paired/tokens.npy"))
    #expect(expected.count == 88)
    for name in ["tokens-big-endian.npy", "tokens-2d.npy", "tokens.npy.zst", "all.h5", "all.safetensors#tokens"] {
      #expect(try ids(Fixtures.file("paired/" + name)) == expected, "\(name)")
      #expect(try ids(Fixtures.file("paired/" + name), .uint16) == expected, "\(name)")
    }
    for (name, width) in [("tokens-uint16.bin", TokenWidth.uint16), ("tokens-uint32.bin", .uint32)] {
      #expect(try ids(Fixtures.file("paired/" + name), width) == expected)
      #expect(try ids(Fixtures.file("paired/\(name).zst"), width) == expected)
      for suffix in ["", ".zst"] {
        let file = Fixtures.file("paired/\(name)\(suffix)")
        expectError(.unknownFormat, file: file, mentioning: "--token-type uint16 or uint32") { _ = try ids(file) }
      }
    }
  }

  @Test("Integers that begin like another format are integers if a width is given")
  func lookalikes() throws {
    let folder = try TemporaryFolder()
    let directory = try folder.write("a.bin", NPY.bytes(of: [5, 0, 0x7B, 9] as [UInt32]))
    #expect(try ids(directory, .uint32) == [5, 0, 0x7B, 9])
    let index = try folder.write("b.bin", NPY.bytes(of: [0x227B, 0x2222, 0x2222, 0x2222, 7] as [UInt16]))
    #expect(try ids(index, .uint16) == [0x227B, 0x2222, 0x2222, 0x2222, 7])
  }

  @Test("Token ids may have axes of extent 1, and then the same sequences")
  func unitAxes() throws {
    let folder = try TemporaryFolder()
    let bytes = NPY.bytes(of: [1, 2, 3, 4, 5, 6] as [Int32])
    for (shape, length) in [([6, 1], nil), ([2, 3, 1], 3), ([1, 2, 3], 3), ([2, 1, 3], 3), ([1, 6], 6)] {
      let npy = try folder.write("a.npy", NPY.array("<i4", shape, bytes))
      let tensors = try folder.write("a.safetensors", Safetensors.file([("ids", "I32", shape, bytes)]))
      for name in [npy, tensors] {
        #expect(try TokenFile(name, width: nil, options: ReadOptions()).sequenceLength == length)
        #expect(try ids(name) == [1, 2, 3, 4, 5, 6])
      }
    }
  }

  @Test("A file that ends inside an integer is refused, before it is read if its size is known")
  func odd() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("a.bin", [1, 0, 2, 0, 3])
    expectError(.truncated, file: file, mentioning: "2 bytes for each token id, found 1 left over") {
      _ = try TokenFile(file, width: .uint16, options: ReadOptions())
    }
    let packed = try folder.write("a.zst", Zstd.frame([1, 0, 0, 0, 2, 0, 0]))
    expectError(.truncated, file: packed, mentioning: "4 bytes for each token id, found 3 left over") {
      _ = try ids(packed, .uint32)
    }
  }
}
