import TestSupport
import Testing

@testable import Formats
@testable import HDF5
@testable import Storage

@Suite("Chunks of HDF5, decoded here")
struct HDF5ChunkBytesTests {
  @Test("Any chunks with one to three indices are read, from any row on", arguments: 1...24)
  func anyShape(seed: Int) throws {
    var random = SeededGenerator(seed)
    let folder = try TemporaryFolder()
    let file = folder.file("a.h5")
    let shape = (0..<(1 + seed % 3)).map { _ in Int.random(in: 1...23, using: &random) }
    let chunk = shape.map { Int.random(in: 1...min($0, 9), using: &random) }
    let numbers = (0..<shape.reduce(1, *)).map { Double($0) }
    RawHDF5.write(file, dataset: "x", numbers, shape: shape, as: .single, chunk: chunk)
    let pool = BufferPool()
    let array = try HDF5Array(
      HDF5File(reading: file), "/x", bytes: FileBytes(name: file), decoders: ChunkDecoders(threads: 1 + seed % 2),
      pool: pool)
    guard case .chunked = try array.storage() else {
      Issue.record("\(shape) in chunks of \(chunk): \(try array.storage())")
      return
    }
    let row = Int.random(in: 0..<shape[0], using: &random)
    let source = try array.bytes(from: row)
    let first = row * shape.dropFirst().reduce(1, *)
    var found = [Float](repeating: -1, count: numbers.count - first)
    let read = try found.withUnsafeMutableBytes { try source.fill($0) }
    #expect(read == 4 * found.count)
    #expect(found == numbers[first...].map { Float($0) }, "\(shape) in chunks of \(chunk), from row \(row)")
  }
}
