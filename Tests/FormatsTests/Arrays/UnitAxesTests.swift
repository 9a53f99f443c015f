import Foundation
import TestSupport
import Testing

@testable import Formats
@testable import Storage

@Suite("Axes of extent 1")
struct UnitAxesTests {
  @Test("A vector is one element per row")
  func vectors() {
    for shape in [[5], [5, 1], [1, 5], [1, 5, 1]] { #expect(UnitAxes.vector(shape) == [5]) }
    #expect(UnitAxes.vector([1, 1]) == [1] && UnitAxes.vector([0, 1]) == [0] && UnitAxes.vector([1]) == [1])
    for shape in [[], [5, 2], [0, 0]] { #expect(UnitAxes.vector(shape) == shape) }
  }

  @Test("A matrix has the rows of its labels, even if there is one")
  func matrices() {
    for shape in [[5, 3], [5, 1, 3], [1, 5, 3], [5, 3, 1], [5, 1, 1, 3]] {
      #expect(UnitAxes.matrix(shape, rows: 5) == [5, 3])
    }
    #expect(UnitAxes.matrix([1, 1, 3], rows: 1) == [1, 3] && UnitAxes.matrix([5, 1, 1], rows: 5) == [5, 1])
    #expect(UnitAxes.matrix([0, 1, 3], rows: 0) == [0, 3] && UnitAxes.matrix([1, 1, 1], rows: 1) == [1, 1])
    for shape in [[5], [5, 2, 3], [4, 1, 3], [3, 1, 5], [2, 5, 1, 3]] {
      #expect(UnitAxes.matrix(shape, rows: 5) == shape)
    }
  }

  @Test("Positions keep their sequences")
  func positions() {
    for (shape, expected) in [
      ([6, 4], [6, 4]), ([2, 3, 4], [2, 3, 4]), ([2, 3, 1, 4], [2, 3, 4]), ([2, 1, 3, 4], [2, 3, 4]),
      ([1, 2, 3, 4], [2, 3, 4]), ([2, 3, 4, 1], [2, 3, 4]), ([6, 1, 4], [6, 4]), ([1, 6, 4], [1, 6, 4]),
      ([1, 6, 1, 4], [1, 6, 4]), ([6, 1], [6, 1]), ([2, 3, 5, 4], [2, 3, 5, 4]), ([6], [6]), ([], []),
    ] { #expect(UnitAxes.positions(shape) == expected) }
    for (shape, expected) in [
      ([6], [6]), ([6, 1], [6]), ([1, 6], [1, 6]), ([2, 3], [2, 3]), ([2, 3, 1], [2, 3]), ([1, 2, 3], [2, 3]),
      ([2, 1, 3], [2, 3]), ([1, 1], [1]), ([2, 3, 4], [2, 3, 4]), ([], []),
    ] { #expect(UnitAxes.tokens(shape) == expected) }
  }

  /// The same six positions of four features, and their tokens, under each shape of either.
  @Test("Features and tokens by position are read under any of these shapes, in each container")
  func aligned() throws {
    let folder = try TemporaryFolder()
    let floats = NPY.bytes(of: (0..<24).map { Float($0) })
    let ids = NPY.bytes(of: [5, 6, 7, 8, 9, 3] as [Int32])
    func read(_ x: [Int], _ t: [Int], _ bounds: TokenAlignment.Bounds) throws -> [[BlockContent]] {
      let tokens = try folder.write("t.npy", NPY.array("<i4", t, ids))
      let npy = try folder.write("x.npy", NPY.array("<f4", x, floats))
      let tensors = try folder.write("x.safetensors", Safetensors.file([("x", "F32", x, floats)]))
      let packed = try folder.write("x.zst", Zstd.frame(NPY.array("<f4", x, floats)))
      let h5 = folder.file("x\(x.map(String.init).joined(separator: "-")).h5")
      if !FileManager.default.fileExists(atPath: h5) {
        RawHDF5.write(
          h5, dataset: "x", (0..<24).map { Double($0) }, shape: x, as: .single, chunk: x.map { max($0 / 2, 1) })
      }
      let alignment = TokenAlignment(tokens: [tokens], bounds: bounds)
      return try [npy, tensors, packed].map { try readAll($0, options: ReadOptions(alignment: alignment)).blocks }
        + [readAll(h5, options: ReadOptions(arrays: ArrayNames(features: "x"), alignment: alignment)).blocks]
    }
    let expected = try read([2, 3, 4], [2, 3], .unspecified)[0]
    #expect(expected[0].labels == [6, 7, 9, 3])
    for x in [[2, 3, 4], [2, 3, 1, 4], [1, 2, 3, 4], [2, 1, 3, 4], [2, 3, 4, 1]] {
      for t in [[2, 3], [6], [6, 1], [2, 3, 1]] {
        for (number, blocks) in try read(x, t, .unspecified).enumerated() {
          #expect(
            blocks.map(\.labels) == [[6, 7, 9, 3]] && blocks[0].values == expected[0].values, "\(number) \(x) \(t)")
        }
      }
    }
    for x in [[6, 4], [6, 1, 4]] {
      for blocks in try read(x, [6, 1], .length(3)) { #expect(blocks[0].values == expected[0].values) }
    }
    #expect(throws: StreamError.self) { try read([3, 2, 2, 2], [6], .length(3)) }
  }
}
