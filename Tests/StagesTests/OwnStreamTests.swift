import TestSupport
import Testing

@testable import Formats
@testable import Samples
@testable import Stages
@testable import Storage

@Suite("Streams known as those that write made")
struct OwnStreamTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func isOwn(_ bytes: [UInt8]) throws -> Bool {
    let path = try folder.write("a", bytes)
    return OwnStream.own.recognizes(ExistingFile(path, size: bytes.count))
  }

  private func batch(_ scalar: ScalarType, predictions: [Int32]? = nil) throws -> [UInt8] {
    let block = TestSupport.block([1, 2], [[1, 2], [3, 4]] as [[Float]], predictions: predictions)
    return try BatchEncoder(type: scalar).encode([.init(block, 0..<2)])
  }

  @Test("Batches of every type, with and without predictions, plain and compressed", arguments: ScalarType.allCases)
  func own(scalar: ScalarType) throws {
    for predictions in [nil, [5, 6]] as [[Int32]?] {
      let bytes = try batch(scalar, predictions: predictions)
      let compressor = try FrameCompressor()
      let frame = try withExtendedLifetime(compressor) {
        try bytes.withUnsafeBytes { Array(try compressor.compress($0)) }
      }
      #expect(try isOwn(bytes) && isOwn(bytes + bytes) && isOwn(frame) && isOwn(frame + frame))
    }
  }

  @Test("A compressed stream of release 0.1.0, whose first header has numpy's padding, is known by its frames")
  func earlier() throws {
    let compressor = try FrameCompressor()
    let frame = try withExtendedLifetime(compressor) {
      let bytes = NPY.labels([1, 2]) + NPY.floats([[1, 2], [3, 4]])
      return try bytes.withUnsafeBytes { Array(try compressor.compress($0)) }
    }
    #expect(try isOwn(frame) && isOwn(frame + frame))
  }

  @Test(
    "Other arrays, even as numpy saves a stream, are not, and neither is a stream in frames that do not hold a batch each"
  )
  func foreign() throws {
    let bytes = try batch(.float32)
    for other in [
      NPY.integers([1, 2] as [Int64]) + NPY.floats([[1, 2], [3, 4]]), NPY.floats([[1, 2], [3, 4]]), NPY.labels([1, 2]),
      NPY.labels([1, 2]) + NPY.floats([[1, 2]]), NPY.labels([1, 2]) + NPY.floats([[1, 2], [3, 4]]),
      NPY.labels([1, 2]) + NPY.labels([5, 6]) + NPY.floats([[1, 2], [3, 4]]), Array(bytes.prefix(200)), [], [0x93],
      Array("NUMPY".utf8),
      NPY.array("<i4", [-1], []), NPY.array("<i4", [1 << 60], []),
    ] { #expect(try !isOwn(other)) }
    for frames in [
      Zstd.frame(bytes), Zstd.streamed(bytes), Zstd.frame(bytes + bytes, checksum: true),
      Zstd.frame(Array(bytes.dropLast()), checksum: true), Zstd.frame(NPY.labels([1]), checksum: true),
    ] { #expect(try !isOwn(frames)) }
  }
}
