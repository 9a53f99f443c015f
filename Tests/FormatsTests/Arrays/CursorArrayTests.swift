import Foundation
import TestSupport
import Testing

@testable import Formats

@Suite("The single array of an NPY file")
struct CursorArrayTests {
  private let folder: TemporaryFolder
  private let content = NPY.array("<u2", [5, 2], NPY.bytes(of: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as [UInt16]))

  init() throws { folder = try TemporaryFolder() }

  private func open(_ file: String, threads: Int = 1) throws -> CursorArray {
    try CursorArray.open(file, threads: threads)
  }

  @Test("Its bytes are read from any row on, plain and in frames", arguments: [1, 2])
  func rows(threads: Int) throws {
    for (name, bytes) in [("a.npy", content), ("a.zst", Zstd.frames(content, of: 7))] {
      let file = try folder.write(name, bytes)
      for row in 0...5 {
        let array = try open(file, threads: threads)
        #expect(array.shape == [5, 2] && array.rowBytes == 4 && array.isCompressed == (name == "a.zst"))
        let source = try array.bytes(from: row)
        var rest = [UInt8](repeating: 0, count: 4 * (5 - row))
        #expect(try rest.withUnsafeMutableBytes { try source.fill($0) } == rest.count)
        #expect(rest == Array(content.suffix(20).dropFirst(4 * row)))
        try array.checkEnd(source)
      }
    }
  }

  @Test("Its bytes are read from a mark on")
  func marks() throws {
    let array = try open(folder.write("a.zst", Zstd.frames(content, of: 50)))
    let source = try array.bytes(from: 2)
    let mark = try #require(source.mark)
    var (rest, again) = ([UInt8](repeating: 0, count: 12), [UInt8](repeating: 0, count: 12))
    _ = try rest.withUnsafeMutableBytes { try source.fill($0) }
    let other = try array.bytes(at: mark, threads: 1)
    _ = try again.withUnsafeMutableBytes { try other.fill($0) }
    #expect(rest == Array(content.suffix(12)) && again == rest)
  }

  @Test("Column-major arrays, and a second array, are refused")
  func refused() throws {
    let columns = try folder.write(
      "c.npy", NPY.array("<u2", [2, 2], [UInt8](repeating: 0, count: 8), isColumnMajor: true))
    expectError(.badShape, file: columns, mentioning: "column-major") { _ = try open(columns) }
    let two = try folder.write("two.npy", content + content)
    expectError(.badOrder, file: two, mentioning: "uint16 of shape (5, 2)") { _ = try open(two) }
    let cut = try folder.write("cut.npy", content.dropLast() + [])
    expectError(.truncated, file: cut) { _ = try open(cut) }
  }
}
