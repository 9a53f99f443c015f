import Samples
import Storage

/// An open file of token ids by position: an array of integers, or a headerless file of integers.
struct TokenFile {
  let integers: StoredIntegers
  /// Positions per sequence, if the array has two indices.
  let sequenceLength: Int?
  /// Shape of the array; nil for files without a header.
  let shape: [Int]?
  /// What kind of file it is, in words.
  let container: String
  let integrities: [FileIntegrity]
  private let array: CursorArray?
  private let source: any ByteSource

  /// Number of positions; nil for compressed files without a header.
  var count: Int? { integers.count }
  var name: String { integers.name }

  /// Opens `file.npy`, `file.h5#dataset`, `file.safetensors#tensor` or, if a width is given, a file without a header.
  /// Only the content decides. The width applies only to files that hold no array.
  ///
  /// Throws ``StreamError`` if the file holds no token ids.
  init(_ text: String, width: TokenWidth?, options: ReadOptions, pool: BufferPool = BufferPool()) throws {
    let reference = TensorReference(text)
    let file = try PeekedFile(reference.file, width: width, options: options, pool: pool)
    switch try Formats.open(file, as: "token ids", advice: Self.advice) {
    case .integers(let content, let type): try self.init(content, of: file, type)
    case let opened: try self.init(PositionArray(opened, of: file, named: reference.tensor, as: .tokens), text)
    }
  }

  /// Advice for a file of unknown format.
  static let advice = "if the file holds only integers, give their type: --token-type uint16 or uint32"

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

  /// Checks, after all ids were read, that nothing follows and that the file did not change.
  func checkEnd() throws {
    try array?.checkEnd(source)
    for integrity in integrities { try integrity.check() }
  }
}
