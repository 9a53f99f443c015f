import Samples
import Storage

/// The header of an NPY array.
///
/// Supports format versions 1 to 3. A header is a Python dictionary of `descr`, `fortran_order` and `shape`.
struct NPYHeader: Equatable {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// The magic bytes and two version bytes.
  static let preambleCount = 8
  /// Maximum length in bytes; no array of numbers needs a longer header.
  static let maximumLength = 1 << 16

  let type: ElementType
  let shape: [Int]
  /// Whether the first index varies fastest.
  let isColumnMajor: Bool
  /// Bytes of the array's elements.
  let byteCount: Int
  /// Where the header starts, in words.
  let position: String

  /// Bytes of the length field after the preamble.
  static func lengthWidth(_ preamble: [UInt8], file: String, position: String) throws -> Int {
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
  init(text: String, file: String, position: String) throws {
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
    type = try Self.elementType(descr, file: file, position: position)
    var shape: [Int] = []
    var byteCount = type.width
    for extent in extents {
      guard case .int(let rows) = extent, rows >= 0 else { throw malformed(excerpt) }
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: rows)
      guard !overflow else { throw malformed("a shape with more bytes than can be addressed: \(excerpt)") }
      shape.append(rows)
      byteCount = product
    }
    (self.shape, self.byteCount) = (shape, byteCount)
    self.isColumnMajor = isColumnMajor && shape.count > 1
    self.position = position
  }

  private init(_ header: NPYHeader, shape: [Int]) {
    (type, byteCount, position, self.shape) = (header.type, header.byteCount, header.position, shape)
    isColumnMajor = header.isColumnMajor && shape.count > 1
  }

  /// The same elements under a shape that differs only in axes of extent 1 (``UnitAxes``).
  func reshaped(_ shape: [Int]) -> NPYHeader { NPYHeader(self, shape: shape) }

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
