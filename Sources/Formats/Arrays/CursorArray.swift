import Samples
import Storage

/// The only array of a file, plain or in Zstandard frames. It is read once.
final class CursorArray: StoredArray {
  let header: ArrayHeader
  let isCompressed: Bool
  let integrity: FileIntegrity
  private let cursor: ArrayCursor
  private let fileSize: Int?
  private let pool: BufferPool

  /// - Parameters:
  ///   - cursor: positioned before the first array of `file`.
  ///   - squeezed: drops axes of extent 1 from the shape.
  /// Throws ``StreamError`` if there is no array.
  init(_ cursor: ArrayCursor, of file: PeekedFile, squeezed: ([Int]) -> [Int] = { $0 }) throws {
    (integrity, fileSize, pool, isCompressed) = (file.file.integrity, file.file.size, file.pool, file.isCompressed)
    self.cursor = cursor
    guard let header = try cursor.nextHeader() else { throw cursor.truncated("an array") }
    self.header = header.reshaped(squeezed(header.shape))
  }

  var path: String { cursor.name }
  /// The kind of file, in words.
  var container: String { cursor.container }
  var shape: [Int] { header.shape }
  var elementType: ElementType? { header.type }
  var typeName: String { header.type.name }
  var position: String { header.position }
  var storedBytes: Int { fileSize ?? header.byteCount }
  var isColumnMajor: Bool { header.isColumnMajor }

  /// Rejects a column-major array, and a second array if the file's size reveals one.
  func checkAlone() throws {
    guard !isColumnMajor else {
      throw StreamError(
        .badShape, file: path, position: header.position, expected: "a row-major array",
        found: "\(summary), column-major",
        advice: "save numpy.ascontiguousarray(x): positions are read one after another")
    }
    if !isCompressed, let fileSize, fileSize - cursor.offset > header.byteCount { throw more }
  }

  /// - Precondition: called only once.
  func bytes(from row: Int) throws -> any ByteSource {
    // Cannot overflow: it is at most the array's byte count.
    let wanted = row * (rowBytes ?? 0)
    guard try cursor.skip(wanted) == wanted else { throw cursor.truncated(summary) }
    return cursor.source
  }

  /// The bytes from a mark on of an array in Zstandard frames, decompressed by `threads` threads.
  func bytes(at mark: ResumablePosition, threads: Int) throws -> any ByteSource {
    let file = try FileBytes(name: path, integrity: integrity)
    try ResumablePosition.pass(mark.frame, of: file)
    let content = try Zstandard.content(
      of: file, threads: threads, pool: pool, largestWindow: WindowLimit.planned + cursor.windowBytes)
    try ResumablePosition.pass(mark.content, of: content)
    return content
  }

  /// Checks that nothing follows the array, once it has been read from `source`.
  func checkEnd(_ source: any ByteSource) throws {
    var byte: UInt8 = 0
    let rest = try withUnsafeMutableBytes(of: &byte) { try source.fill($0) }
    guard rest == 0 else { throw more }
  }

  private var more: StreamError {
    StreamError(
      .badOrder, file: path, position: "after the array of \(header.summary)", expected: "the end of the file",
      found: "more data", advice: "save one array per file, and name all the files")
  }
}
