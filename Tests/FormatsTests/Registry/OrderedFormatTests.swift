import TestSupport
import Testing

@testable import Formats
@testable import Samples
@testable import Storage

/// Arrays with headers of two bytes, rows and columns. Without columns they are Int32, otherwise Float32.
private enum ToyFormat: OrderedFormat {
  static let name = "toy"

  static func recognizes(_ start: Start) -> Bool { true }

  static func nextHeader(in cursor: ArrayCursor) throws -> ArrayHeader? {
    let place = cursor.place
    var bytes: [UInt8] = [0, 0]
    guard try bytes.withUnsafeMutableBytes({ try cursor.fill($0) }) == 2 else { return nil }
    let (rows, columns) = (Int(bytes[0]), Int(bytes[1]))
    return ArrayHeader(
      type: ElementType(kind: columns == 0 ? .signed : .float, width: 4),
      shape: columns == 0 ? [rows] : [rows, columns],
      isColumnMajor: false, byteCount: 4 * rows * max(columns, 1), place: place)
  }
}

@Suite("A format of arrays in order")
struct OrderedFormatTests {
  @Test("A format that reads headers can be read as a stream, plain or in Zstandard", arguments: [false, true])
  func toy(isCompressed: Bool) throws {
    let folder = try TemporaryFolder()
    let bytes = [3, 0] + NPY.bytes(of: [4, 5, 4] as [Int32]) + [3, 2] + NPY.bytes(of: [1, 2, 3, 4, 5, 6] as [Float])
    let file = try PeekedFile(folder.write("toy", isCompressed ? Zstd.frame(bytes + bytes) : bytes + bytes))
    guard case .inOrder(let cursor) = try ToyFormat.open(file) else { return #expect(Bool(false)) }
    let input = CursorInput(cursor)
    #expect(input.container == (isCompressed ? "toy in Zstandard" : "toy"))
    for firstRow in [0, 3] {
      let batch = try #require(try input.nextBatch(firstRow: firstRow, options: ReadOptions()))
      #expect(batch.rows == 3 && batch.dimension == 2 && batch.scalar == .float32)
      var labels: [Int32] = []
      try batch.scanLabels { labels += $0 }
      #expect(labels == [4, 5, 4])
    }
    #expect(try input.nextBatch(firstRow: 6, options: ReadOptions()) == nil)
  }
}
