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
    let (name, place) = (cursor.name, cursor.position)
    var preamble = [UInt8](repeating: 0, count: preambleCount)
    let got = try preamble.withUnsafeMutableBytes { try cursor.fill($0) }
    if got == 0 { return nil }
    guard preamble.prefix(got).starts(with: magic.prefix(got)) else {
      throw StreamError(
        .badHeader, file: name, position: place, expected: "an NPY array (\(hexadecimal(magic)))",
        found: hexadecimal(preamble.prefix(min(got, 6))),
        advice: "write arrays one after another with numpy.save and nothing between them")
    }
    guard got == preamble.count else { throw cursor.truncated("an NPY header", at: place) }
    let lengthWidth = try lengthWidth(preamble, file: name, position: place)
    let length = try read(lengthWidth, of: cursor, at: place).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= maximumLength else {
      throw StreamError(
        .badHeader, file: name, position: place, expected: "an NPY header of at most \(maximumLength) bytes",
        found: "\(length) bytes", advice: "write the stream again with numpy.save")
    }
    let text = String(decoding: try read(length, of: cursor, at: place), as: UTF8.self)
    return try parse(text, file: name, position: place)
  }

  private static func read(_ count: Int, of cursor: ArrayCursor, at place: String) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = try bytes.withUnsafeMutableBytes { try cursor.fill($0) }
    guard got == count else { throw cursor.truncated("an NPY header", at: place) }
    return bytes
  }

  /// Bytes of the length field after the preamble.
  private static func lengthWidth(_ preamble: [UInt8], file: String, position: String) throws -> Int {
    switch preamble[6] {
    case 1: return 2
    case 2, 3: return 4
    default:
      throw StreamError(
        .badHeader, file: file, position: position, expected: "NPY format version 1, 2 or 3",
        found: "version \(preamble[6])", advice: "write the array with a NumPy version that supports one of these")
    }
  }

  /// Parses the dictionary. Throws ``StreamError`` that says what is wrong with it.
  static func parse(_ text: String, file: String, position: String) throws -> ArrayHeader {
    func malformed(_ found: String) -> StreamError {
      StreamError(
        .badHeader, file: file, position: position,
        expected: "an NPY header: a dictionary of descr, fortran_order and shape", found: found,
        advice: "the file is damaged or is not NPY: write it again with numpy.save")
    }
    let excerpt = "“\(text.prefix(60).filter { !$0.isNewline })”"
    guard case .dictionary(let members)? = PythonLiteral(text) else { throw malformed(excerpt) }
    guard let descr = members["descr"], case .bool(let isColumnMajor)? = members["fortran_order"],
      case .sequence(let extents)? = members["shape"]
    else { throw malformed(excerpt) }
    let type = try elementType(descr, file: file, position: position)
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
      position: position)
  }

  private static func elementType(_ descr: PythonLiteral, file: String, position: String) throws -> ElementType {
    func unsupported(_ found: String, _ advice: String) -> StreamError {
      StreamError(
        .unsupportedType, file: file, position: position, expected: "integers, or floats of type f16, bf16, f32 or f64",
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
