import Samples
import Storage

/// A file of token ids by position, opened: an array of integers, or nothing but integers.
struct TokenFile {
  let integers: StoredIntegers
  /// Positions of a sequence, where the array has two indices.
  let sequenceLength: Int?
  /// Of the array; nil of files without a header.
  let shape: [Int]?
  /// What it is, in words.
  let container: String
  let integrities: [FileIntegrity]
  private let array: CursorArray?
  private let source: any ByteSource

  /// Positions; nil of compressed files without a header.
  var count: Int? { integers.count }
  var name: String { integers.name }

  /// Opens `file.npy`, `file.h5#dataset`, `file.safetensors#tensor`, or, where a width is given, a file without a header; each by
  /// what it holds. A width is only for files that hold no array.
  ///
  /// Throws ``StreamError`` where it holds no token ids.
  init(_ text: String, width: TokenWidth?, options: ReadOptions, pool: BufferPool = BufferPool()) throws {
    let reference = TensorReference(text)
    let file = try PeekedFile(reference.file, width: width, options: options, pool: pool)
    switch try Formats.open(file, as: "token ids", advice: Self.advice) {
    case .integers(let content, let type): try self.init(content, of: file, type)
    case let opened: try self.init(PositionArray(opened, of: file, named: reference.tensor, as: .tokens), text)
    }
  }

  /// What to do with a file that nothing is known of.
  static let advice = "if the file holds nothing but integers, say which: --token-type uint16 or uint32"

  private init(_ opened: PositionArray, _ text: String) throws {
    guard let type = opened.array.elementType, type.isInteger, (1...2).contains(opened.array.shape.count) else {
      throw StreamError(
        .unsupportedType, file: opened.file, position: opened.array.position, expected: PositionArray.Role.tokens.what,
        found: opened.array.summary, advice: "save the token id of each position with numpy.save, as integers")
    }
    let (count, length) = try opened.positions(opened.array.shape.count)
    source = try opened.array.bytes(from: 0)
    integers = StoredIntegers(source, name: text, type: type, count: count)
    (sequenceLength, container, integrities) = (length, opened.container, opened.integrities)
    (shape, array) = (opened.array.shape, opened.array as? CursorArray)
  }

  /// A file without a header.
  private init(_ content: any ByteSource, of file: PeekedFile, _ type: ElementType) throws {
    if let size = file.start.size, size % type.width > 0 {
      throw StoredIntegers.leftOver(size % type.width, of: type, in: file.name)
    }
    source = content
    integers = StoredIntegers(
      content, name: file.name, type: type, count: file.start.size.map { $0 / type.width })
    container = "little-endian \(type.name)" + (file.isCompressed ? " in Zstandard" : "")
    (shape, sequenceLength, integrities, array) = (nil, nil, [file.file.integrity], nil)
  }

  /// Checks, once all ids were read, that there is nothing else, and that the file was whole.
  func checkEnd() throws {
    try array?.checkEnd(source)
    for integrity in integrities { try integrity.check() }
  }
}
