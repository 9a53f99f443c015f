import TestSupport
import Testing

@testable import HDF5
@testable import Storage

@Suite("Decoding chunks")
struct ChunkDecodingJobTests {
  /// The chunks of rows of an array of element numbers, as stored: those beyond its edges are padded.
  private func store(
    _ shape: [Int], _ extents: [Int], firstRow: Int, filled: UInt16 = 0xFFFF,
    _ encode: ([UInt8]) -> [UInt8] = { $0 }
  ) -> (bytes: [UInt8], chunks: [ChunkDecodingJob.Chunk]) {
    let (positions, columns) = (shape[1], shape[2])
    var (bytes, chunks): ([UInt8], [ChunkDecodingJob.Chunk]) = ([], [])
    for row in stride(from: firstRow, to: shape[0], by: extents[0]) {
      for position in stride(from: 0, to: positions, by: extents[1]) {
        for column in stride(from: 0, to: columns, by: extents[2]) {
          var elements: [UInt16] = []
          for r in row..<row + extents[0] {
            for p in position..<position + extents[1] {
              for c in column..<column + extents[2] {
                let isInside = r < shape[0] && p < positions && c < columns
                elements.append(isInside ? UInt16((r * positions + p) * columns + c) : filled)
              }
            }
          }
          let encoded = encode(NPY.bytes(of: elements))
          chunks.append(
            ChunkDecodingJob.Chunk(
              row: row, position: position, column: column, bytes: bytes.count..<bytes.count + encoded.count))
          bytes += encoded
        }
      }
    }
    return (bytes, chunks)
  }

  private func decoding(
    _ layout: HDF5ChunkLayout, rows: Range<Int>, _ chunks: [ChunkDecodingJob.Chunk], _ bytes: [UInt8]
  ) -> ChunkDecodingJob {
    let pool = BufferPool()
    let raw = try! Buffer(count: bytes.count, from: pool)
    raw.bytes.copyBytes(from: bytes)
    return try! ChunkDecodingJob(layout, rows: rows, chunks: chunks, raw: raw, pool: pool)
  }

  @Test(
    "Tiles of any size, even at the edges, become rows",
    arguments: [
      [4, 3, 5], [1, 1, 1], [2, 2, 2], [3, 3, 4], [9, 3, 5], [2, 3, 2], [7, 1, 5], [9, 4, 6], [20, 2, 5],
    ], [0, 4])
  func tiles(extents: [Int], firstRow: Int) throws {
    let shape = [9, 3, 5]
    let pipeline = HDF5Pipeline(filters: [.shuffle(width: 2)])
    let (bytes, chunks) = store(shape, extents, firstRow: firstRow) { bytes in
      // All first bytes of elements, then all second ones.
      (0..<2).flatMap { byte in stride(from: byte, to: bytes.count, by: 2).map { bytes[$0] } }
    }
    let layout = HDF5ChunkLayout(shape: shape, chunk: extents, elementBytes: 2, pipeline: pipeline)
    let decoding = decoding(layout, rows: firstRow..<9, chunks, bytes)
    #expect(decoding.storedBytes == bytes.count)
    decoding.decode()
    #expect(try decoding.wait() == nil)
    let expected = NPY.bytes(of: (firstRow * 15..<9 * 15).map { UInt16($0) })
    let isWhole = Array(decoding.content.bytes[..<expected.count]) == expected
    #expect(isWhole)
  }

  @Test("An error names its chunk, the first of several, however often one asks")
  func fault() throws {
    let shape = [6, 1, 4]
    let pipeline = HDF5Pipeline(filters: [.zstd])
    var (bytes, chunks) = store(shape, [2, 1, 4], firstRow: 0) { Zstd.frame($0, checksum: true) }
    bytes[chunks[1].bytes.upperBound - 1] ^= 1
    bytes[chunks[2].bytes.upperBound - 1] ^= 1
    let layout = HDF5ChunkLayout(shape: [6, 4], chunk: [2, 4], elementBytes: 2, pipeline: pipeline)
    let decoding = decoding(layout, rows: 0..<6, chunks, bytes)
    decoding.decode()
    for _ in 0..<2 {
      let found = try #require(try decoding.wait())
      #expect(found.chunk.row == 2 && found.fault.found.contains("checksum"))
    }
    #expect(Array(decoding.content.bytes[..<16]) == NPY.bytes(of: (0..<8).map { UInt16($0) }))
  }

  @Test("A chunk of the wrong size is an error, and a filter that its mask excludes is skipped")
  func masks() throws {
    let layout = HDF5ChunkLayout(
      shape: [2, 2], chunk: [2, 2], elementBytes: 1, pipeline: HDF5Pipeline(filters: [.zstd]))
    func chunk(_ count: Int, mask: UInt32) -> ChunkDecodingJob.Chunk {
      ChunkDecodingJob.Chunk(row: 0, position: 0, column: 0, bytes: 0..<count, mask: mask)
    }
    let plain = decoding(layout, rows: 0..<2, [chunk(4, mask: 1)], [1, 2, 3, 4])
    plain.decode()
    #expect(try plain.wait() == nil && Array(plain.content.bytes[..<4]) == [1, 2, 3, 4])
    for (bytes, mask) in [
      ([1, 2, 3], 1), ([1, 2, 3, 4], 0), (Zstd.frame([1, 2, 3]), 0), (Zstd.frame([1, 2, 3, 4, 5]), 0),
    ]
      as [([UInt8], UInt32)]
    {
      let bad = decoding(layout, rows: 0..<2, [chunk(bytes.count, mask: mask)], bytes)
      bad.decode()
      #expect(try bad.wait() != nil)
    }
  }
}
