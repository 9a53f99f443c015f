import Samples
import Storage
import Support

/// Reads the header of an NPY array.
///
/// Supports format versions 1 to 3. A header is a Python dictionary of `descr`, `fortran_order` and `shape`.
enum NPYHeader {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// The magic bytes and two version bytes.
  static let preambleCount = 8
  /// Maximum length in bytes; no array of numbers needs a longer header.
  static let maximumLength = 1 << 16

  /// The next header of a file; nil at its end.
  static func next(in cursor: ArrayCursor) throws -> ArrayHeader? {
    let place = cursor.place
    guard let length = try textLength(in: cursor, at: place) else { return nil }
    return try withUnsafeTemporaryAllocation(byteCount: length, alignment: 1) { bytes in
      guard try cursor.fill(bytes) == length else { throw cursor.truncated("an NPY header", at: place.words) }
      let bytes = UnsafeRawBufferPointer(bytes)
      if var known = cursor.recentHeaders.find(bytes) {
        known.place = place
        return known
      }
      let header = try parse(String(decoding: bytes, as: UTF8.self), file: cursor.name, place: place)
      cursor.recentHeaders.note(header, bytes)
      return header
    }
  }

  /// Reads up to the text of a header, and returns how many bytes it has; nil at the end of the file.
  private static func textLength(in cursor: ArrayCursor, at place: ArrayPlace) throws -> Int? {
    try withUnsafeTemporaryAllocation(byteCount: preambleCount + 4, alignment: 8) { bytes in
      // All versions have at least two bytes of length.
      let got = try cursor.fill(UnsafeMutableRawBufferPointer(rebasing: bytes[..<(preambleCount + 2)]))
      if got == 0 { return nil }
      let start = bytes[..<min(got, magic.count)]
      guard start.elementsEqual(magic.prefix(got)) else {
        throw StreamError(
          .badHeader, file: cursor.name, position: place.words, expected: "an NPY array (\(hexadecimal(magic)))",
          found: hexadecimal(Array(start)),
          advice: "write arrays one after another with numpy.save and nothing between them")
      }
      let truncated = { cursor.truncated("an NPY header", at: place.words) }
      guard got >= preambleCount else { throw truncated() }
      let width = try lengthWidth(version: bytes[6], file: cursor.name, place: place)
      guard got == preambleCount + 2 else { throw truncated() }
      let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[(preambleCount + 2)..<(preambleCount + width)])
      guard try cursor.fill(rest) == rest.count else { throw truncated() }
      let length = bytes[preambleCount..<(preambleCount + width)].reversed().reduce(0) { $0 << 8 | Int($1) }
      guard length <= maximumLength else {
        throw StreamError(
          .badHeader, file: cursor.name, position: place.words,
          expected: "an NPY header of at most \(maximumLength) bytes", found: "\(length) bytes",
          advice: "write the stream again with numpy.save")
      }
      return length
    }
  }

  /// Bytes of the length field after the preamble.
  private static func lengthWidth(version: UInt8, file: String, place: ArrayPlace) throws -> Int {
    switch version {
    case 1: return 2
    case 2, 3: return 4
    default:
      throw StreamError(
        .badHeader, file: file, position: place.words, expected: "NPY format version 1, 2 or 3",
        found: "version \(version)", advice: "write the array with a NumPy version that supports one of these")
    }
  }

  /// Parses the dictionary. Throws ``StreamError`` that says what is wrong with it.
  static func parse(_ text: String, file: String, place: ArrayPlace) throws -> ArrayHeader {
    func malformed(_ found: String) -> StreamError {
      StreamError(
        .badHeader, file: file, position: place.words,
        expected: "an NPY header: a dictionary of descr, fortran_order and shape", found: found,
        advice: "the file is damaged or is not NPY: write it again with numpy.save")
    }
    var excerpt: String { "“\(text.prefix(60).filter { !$0.isNewline })”" }
    guard case .dictionary(let members)? = PythonLiteral(text) else { throw malformed(excerpt) }
    guard let descr = members["descr"], case .bool(let isColumnMajor)? = members["fortran_order"],
      case .sequence(let extents)? = members["shape"]
    else { throw malformed(excerpt) }
    let type = try elementType(descr, file: file, place: place)
    var shape: [Int] = []
    var byteCount = type.width
    for extent in extents {
      guard case .int(let rows) = extent, rows >= 0 else { throw malformed(excerpt) }
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: rows)
      guard !overflow else { throw malformed("a shape with more bytes than can be addressed: \(excerpt)") }
      shape.append(rows)
      byteCount = product
    }
    return ArrayHeader(
      type: type, shape: shape, isColumnMajor: isColumnMajor && shape.count > 1, byteCount: byteCount,
      place: place)
  }

  private static func elementType(_ descr: PythonLiteral, file: String, place: ArrayPlace) throws -> ElementType {
    func unsupported(_ found: String, _ advice: String) -> StreamError {
      StreamError(
        .unsupportedType, file: file, position: place.words,
        expected: "integers, or floats of type f16, bf16, f32 or f64",
        found: found, advice: advice)
    }
    guard case .string(let name) = descr else {
      throw unsupported(
        "a structured dtype", "save each field as a separate array: labels first, then features")
    }
    guard let type = ElementType(numpy: name) else {
      if name.hasSuffix("O") {
        throw unsupported(
          "Python objects (dtype object)",
          "convert with numpy.asarray(x, dtype=…) before saving; the rows may have different lengths")
      }
      throw unsupported("dtype “\(name)”", "convert with .astype(numpy.float32), or an integer type for labels")
    }
    return type
  }
}
