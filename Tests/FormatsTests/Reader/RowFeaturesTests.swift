import TestSupport
import Testing

@testable import Formats
@testable import Samples
@testable import Storage
@testable import Support

/// Bytes that arrive in pieces of given sizes, whatever is requested.
private final class Pieces: ByteSource {
  let name = "x"
  var consumedBytes: Int { done }
  private let content: [UInt8]
  private var sizes: [Int]
  private var done = 0

  init(_ content: [UInt8], sizes: [Int]) { (self.content, self.sizes) = (content, sizes) }

  func lend(_ count: Int, from pool: BufferPool) throws -> Piece? {
    let size = min(sizes.isEmpty ? count : sizes.removeFirst(), count, content.count - done)
    guard size > 0 else { return nil }
    let buffer = try Buffer(count: size, from: pool)
    buffer.bytes.copyBytes(from: content[done..<done + size])
    defer { done += size }
    return Piece(buffer: buffer, range: 0..<size, offset: done)
  }

  func stop() {}

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let size = min(buffer.count, content.count - done)
    buffer.copyBytes(from: content[done..<done + size])
    done += size
    return size
  }
}

@Suite("Features of rows, in pieces")
struct RowFeaturesTests {
  private static let dimension = 3

  private func features(_ rows: Int) -> [Float] { (0..<rows * Self.dimension).map { Float($0) - 7.5 } }

  private func features(of source: Pieces, isBigEndian: Bool) -> PositionFeatures {
    PositionFeatures(
      source, file: "x", at: 0, dimension: Self.dimension, scalar: .float32,
      type: ElementType(kind: .float, width: 4, isBigEndian: isBigEndian), pool: BufferPool()
    ) { StreamError(.truncated, Diagnosis(position: "row \($0)", expected: "a", found: "b", advice: "c")) }
  }

  private func read(
    _ rows: Int, of source: Pieces, isBigEndian: Bool = false
  ) throws -> Block {
    let builder = try! BlockBuilder(dimension: Self.dimension, scalar: .float32, firstRow: 0)
    try features(of: source, isBigEndian: isBigEndian).read(rows, into: builder)
    return builder.finish()
  }

  @Test(
    "Rows are complete wherever pieces end, within rows and within numbers, in either byte order", arguments: 0..<30)
  func pieces(seed: Int) throws {
    var random = SeededGenerator(seed)
    let rows = Int.random(in: 1...200, using: &random)
    let isBigEndian = seed % 3 == 0
    let bits = features(rows).map(\.bitPattern)
    let content = NPY.bytes(of: isBigEndian ? bits.map(\.bigEndian) : bits)
    let sizes = (0..<rows).map { _ in Int.random(in: 1...40, using: &random) }
    let block = try read(rows, of: Pieces(content + [1, 2, 3], sizes: sizes), isBigEndian: isBigEndian)
    let isSame = block.featureBytes == NPY.bytes(of: features(rows))
    #expect(isSame)
  }

  @Test("A piece that fills a quarter of its buffer is lent in place; one in another byte order never is")
  func lending() throws {
    // A buffer has at least 256 KiB; a quarter of it is 5 462 rows.
    let rows = 6_000
    let bits = features(rows).map(\.bitPattern)
    func isKept(_ rows: Int, _ content: [UInt8], isBigEndian: Bool = false) throws -> Bool {
      let builder = try BlockBuilder(dimension: Self.dimension, scalar: .float32, firstRow: 0)
      try features(of: Pieces(content, sizes: []), isBigEndian: isBigEndian).read(rows, into: builder)
      // New bytes are kept after those already kept.
      let own = builder.keep(0..<1)
      let start = try #require(own.baseAddress)
      let block = builder.finish()
      return withExtendedLifetime(block) { start - UnsafeMutableRawPointer(mutating: block.rowStarts[0]) } == rows * 12
    }
    #expect(try isKept(5_000, NPY.bytes(of: bits)))
    #expect(try !isKept(6_000, NPY.bytes(of: bits)))
    #expect(try isKept(6_000, NPY.bytes(of: bits.map(\.bigEndian)), isBigEndian: true))
  }

  @Test(
    "The error names the missing row, whether bytes end before it or inside it",
    arguments: [(0, 0), (1, 0), (11, 0), (12, 1), (30, 2), (59, 4)])
  func missing(bytes: Int, row: Int) {
    let content = Array(NPY.bytes(of: features(5)).prefix(bytes))
    for sizes in [[], [5, 9, 4], [12, 12, 12, 12]] {
      expectError(.truncated, position: "row \(row)") { _ = try read(5, of: Pieces(content, sizes: sizes)) }
    }
  }
}
