import Samples
import Storage

/// Token files of llm.c: a header of 256 little-endian int32, then the token ids.
///
/// The header starts with a number that marks the format, the version, and the number of token ids.
enum LLMCFormat: Format {
  static let name = "llm.c"
  static let isSequential = true

  private static let headerBytes = 256 * 4

  /// The kinds of file, by the number that they start with.
  private enum Kind: Int32 {
    case gpt2 = 20_240_520
    case llama3 = 20_240_801
    /// Questions with several answers, which are no running text.
    case questions = 20_240_522

    /// The version that is known, and its integers.
    var version: (number: Int32, type: TokenWidth)? {
      switch self {
      case .gpt2: (1, .uint16)
      case .llama3: (7, .uint32)
      case .questions: nil
      }
    }
  }

  static func recognizes(_ start: Start) -> Bool { kind(start.bytes) != nil }

  private static func kind(_ bytes: [UInt8]) -> Kind? {
    bytes.count >= 4 ? Kind(rawValue: number(0, bytes)) : nil
  }

  /// The integer at an index of the header.
  private static func number(_ index: Int, _ bytes: [UInt8]) -> Int32 {
    let value = bytes[4 * index..<4 * index + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return Int32(bitPattern: value)
  }

  static func open(_ file: PeekedFile) throws -> Opened {
    func wrong(_ kind: StreamError.Kind, _ expected: String, _ found: String, _ advice: String) -> StreamError {
      StreamError(kind, file: file.name, position: "its header", expected: expected, found: found, advice: advice)
    }
    let source = try file.content()
    var header = [UInt8](repeating: 0, count: headerBytes)
    let got = try header.withUnsafeMutableBytes { try source.fill($0) }
    guard got == headerBytes, let kind = kind(header) else {
      throw wrong(.truncated, "\(headerBytes) bytes of an llm.c header", "\(got)", "copy the file again")
    }
    guard let version = kind.version else {
      throw wrong(
        .unsupportedType, "token ids of running text", "questions with several answers, as llm.c evaluates models",
        "name a file of a training or validation split")
    }
    guard number(1, header) == version.number else {
      throw wrong(
        .badHeader, "version \(version.number) of llm.c token data", "version \(number(1, header))",
        "convert the token ids to NPY with numpy.save")
    }
    let (count, type) = (Int(number(2, header)), version.type.element)
    guard count >= 0 else {
      throw wrong(.badHeader, "a number of token ids", "\(count)", "the header is damaged: write the file again")
    }
    // Cannot overflow: a header counts at most 2³¹ token ids.
    let bytes = headerBytes + count * type.width
    if let size = file.start.size, size != bytes {
      throw wrong(
        .truncated, "\(bytes) bytes for a header and \(count) token ids of type \(type.name)", "\(size)",
        "the file was cut short or its header is damaged: write it again")
    }
    return .integers(
      PlainIntegers(
        source: source, type: type, count: count,
        container: "llm.c \(type.name)" + (file.isCompressed ? " in Zstandard" : "")))
  }
}
