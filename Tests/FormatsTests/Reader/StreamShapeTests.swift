import TestSupport
import Testing

@testable import Formats
@testable import Samples
@testable import Storage

@Suite("Stream shape")
struct StreamShapeTests {
  @Test("It is known before any feature is read, and reading then starts at the first row")
  func beforeReading() throws {
    let folder = try TemporaryFolder()
    let samples = StreamSamples(rows: 10, dimension: 3, scalar: .bfloat16)
    let whole = samples.stream()
    // A plain file that is shorter than its header says is detected at once.
    let cut = try folder.write("cut", Array(whole.dropLast(samples.features.count)))
    let shape = StreamShape(dimension: 3, scalar: .bfloat16)
    #expect(throws: StreamError.self) { try EmbeddingReader(inputs: [cut], options: ReadOptions()).shape() }
    let reader = EmbeddingReader(inputs: [try folder.write("a", Zstd.frame(whole))], options: ReadOptions())
    #expect(try reader.shape() == shape)
    #expect(try reader.shape() == shape)
    #expect(try reader.next().map(BlockContent.init) == samples.blocks[0])
  }

  @Test("A full block has the maximum size of blocks")
  func blocks() {
    let shape = StreamShape(dimension: 576, scalar: .float16)
    #expect(shape.blockRows == Block.capacity(dimension: 576, scalar: .float16))
    #expect(shape.blockBytes == shape.blockRows * 1152)
  }
}
