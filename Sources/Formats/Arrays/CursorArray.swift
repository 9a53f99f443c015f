import Samples
import Storage

/// The one array of a file, plain or in Zstandard frames, which is read once.
final class CursorArray: StoredArray {
  let header: ArrayHeader
  let isCompressed: Bool
  let integrity: FileIntegrity
  private let cursor: ArrayCursor
  private let fileSize: Int?
  private let pool: BufferPool

  /// - Parameter cursor: before the array, which is the first of `file`.
  ///
  /// Throws ``StreamError`` where there is none.
  init(_ cursor: ArrayCursor, of file: PeekedFile) throws {
    (integrity, fileSize, pool, isCompressed) = (file.file.integrity, file.file.size, file.pool, file.isCompressed)
    self.cursor = cursor
    guard let header = try cursor.nextHeader() else { throw cursor.truncated("an array") }
    self.header = header
  }

  var path: String { cursor.name }
  /// What the file is, in words.
  var container: String { cursor.container }
  var shape: [Int] { header.shape }
  var elementType: ElementType? { header.type }
  var typeName: String { header.type.name }
  var position: String { header.position }
  var storedBytes: Int { fileSize ?? header.byteCount }
  var isColumnMajor: Bool { header.isColumnMajor }

  /// Refuses an array whose first index varies fastest, and more than one, as far as the file's size says.
  func checkAlone() throws {
    guard !isColumnMajor else {
      throw StreamError(
        .badShape, file: path, position: header.position, expected: "a row-major array by position",
        found: "\(summary), column-major",
        advice: "save numpy.ascontiguousarray(x): positions are read one after another")
    }
    if !isCompressed, let fileSize, fileSize - cursor.offset > header.byteCount { throw more }
  }

  /// - Precondition: it is called once.
  func bytes(from row: Int) throws -> any ByteSource {
    // No more than the array's bytes, which are counted.
    let wanted = row * (rowBytes ?? 0)
    guard try cursor.skip(wanted) == wanted else { throw cursor.truncated(summary) }
    return cursor.source
  }

  /// Its bytes from a place on, of an array in frames, decompressed by so many threads.
  func bytes(at mark: ByteMark, threads: Int) throws -> any ByteSource {
    let file = try FileBytes(name: path, integrity: integrity)
    _ = try file.skip(mark.frame)
    let content = try Zstandard.content(of: file, threads: threads, pool: pool)
    _ = try content.skip(mark.content)
    return content
  }

  /// Checks that nothing comes after it, once it was read from `source`.
  func checkEnd(_ source: any ByteSource) throws {
    var byte: UInt8 = 0
    let rest = try withUnsafeMutableBytes(of: &byte) { try source.fill($0) }
    guard rest == 0 else { throw more }
  }

  private var more: StreamError {
    StreamError(
      .badOrder, file: path, position: "after the array of \(header.summary)", expected: "the end: one array a file",
      found: "more", advice: "save one array by position a file, and name several files")
  }
}
