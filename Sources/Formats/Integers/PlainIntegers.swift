import Samples
import Storage

/// Token ids that fill a file, after a header or without one.
struct PlainIntegers {
  /// Positioned at the first integer.
  let source: any ByteSource
  let type: ElementType
  /// How many there are; nil if only the end of the data tells.
  let count: Int?
  /// What kind of file it is, in words.
  let container: String
  /// A file beside it that says where sequences end.
  var bounds: String?
  /// Integrity of other files that describe it.
  var integrities: [FileIntegrity] = []

  /// Throws ``StreamError`` if anything follows the integers, which have all been read.
  func checkEnd() throws {
    guard let count else { return }
    var byte: UInt8 = 0
    guard try withUnsafeMutableBytes(of: &byte, { try source.fill($0) }) > 0 else { return }
    throw StreamError(
      .badOrder, file: source.name, position: "after \(count) token ids", expected: "the end of the file",
      found: "more data", advice: "write the file again: its header does not describe all of it")
  }
}
