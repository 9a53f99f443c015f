import Samples
import Storage
import Support

/// The one array of an NPY file, plain or in Zstandard frames, which is read once.
final class NPYArray: StoredArray {
  let header: NPYHeader
  let isCompressed: Bool
  let integrity: FileIntegrity
  private let name: String
  private let cursor: ArrayCursor
  private let fileSize: Int?
  private let pool: BufferPool

  /// - Parameter file: of which nothing was read.
  ///
  /// Throws ``StreamError`` where it does not start with an array, or with one whose first index varies fastest, or where more
  /// comes after it.
  convenience init(_ file: FileBytes, threads: Int, pool: BufferPool) throws {
    let isCompressed = ZstdBytes.recognizes(try file.peek(4))
    try self.init(
      ArrayCursor(file, threads: threads, pool: pool), of: file, isCompressed: isCompressed, pool: pool)
  }

  /// The same of a file whose content is at its beginning.
  init(_ cursor: ArrayCursor, of file: FileBytes, isCompressed: Bool, pool: BufferPool) throws {
    (name, integrity, fileSize, self.pool) = (file.name, file.integrity, file.size, pool)
    (self.cursor, self.isCompressed) = (cursor, isCompressed)
    guard let header = try cursor.nextHeader() else { throw cursor.truncated("an NPY array") }
    self.header = header
    guard !header.isColumnMajor else {
      throw StreamError(
        .badShape,
        Diagnosis(
          file: name, position: header.position, expected: "a row-major array by position",
          found: "\(header.summary), column-major",
          advice: "save numpy.ascontiguousarray(x): positions are read one after another"))
    }
    if !isCompressed, let size = file.size, size - cursor.offset > header.byteCount { throw more }
  }

  var path: String { name }
  var shape: [Int] { header.shape }
  var elementType: ElementType? { header.type }
  var position: String { header.position }
  var summary: String { header.summary }
  var storedBytes: Int { fileSize ?? header.byteCount }

  /// - Precondition: it is called once.
  func bytes(from row: Int) throws -> any ByteSource {
    // No more than the array's bytes, which are counted.
    let wanted = row * (rowBytes ?? 0)
    guard try cursor.skip(wanted) == wanted else { throw cursor.truncated(summary) }
    return cursor.source
  }

  /// Its bytes from a place on, of an array in frames.
  func bytes(at mark: ByteMark) throws -> any ByteSource {
    try ArrayCursor(
      FileBytes(name: name, integrity: integrity), threads: threads, pool: pool, at: (mark, 0)
    ).source
  }

  /// Threads that decompress what is read from a place on.
  var threads = 1

  /// Checks that nothing comes after it, once it was read from `source`.
  func checkEnd(_ source: any ByteSource) throws {
    var byte: UInt8 = 0
    let rest = try withUnsafeMutableBytes(of: &byte) { try source.fill($0) }
    guard rest == 0 else { throw more }
  }

  private var more: StreamError {
    StreamError(
      .badOrder,
      Diagnosis(
        file: name, position: "after the array of \(summary)", expected: "the end: one array a file", found: "more",
        advice: "save one array by position a file, and name several files"))
  }
}
