import Samples
import Storage

/// An open file of token ids by position: an array of integers, or a file of nothing but integers.
struct TokenFile {
  let integers: StoredIntegers
  /// Positions per sequence, if the array has two indices.
  let sequenceLength: Int?
  /// Shape of the array; nil for files of nothing but integers.
  let shape: [Int]?
  /// Path and last component of the array, if the file names its arrays.
  let place: (path: String, leaf: String)?
  /// What kind of file it is, in words.
  let container: String
  let integrities: [FileIntegrity]
  /// A file beside it that has the lengths of sequences.
  let boundsFile: String?
  private let end: () throws -> Void

  /// Number of positions; nil for compressed files without a header.
  var count: Int? { integers.count }
  var name: String { integers.name }

  /// Opens `file.npy`, `file.h5#dataset`, `file.safetensors#tensor`, a file of nothing but token ids with a header or,
  /// if a width is given, one without. Only the content decides. The width applies only to files without a header.
  ///
  /// - Parameter isRaw: whether the file has no header, whatever it starts with.
  /// Throws ``StreamError`` if the file holds no token ids.
  init(
    _ text: String, width: TokenWidth?, isRaw: Bool = false, options: ReadOptions, pool: BufferPool = BufferPool()
  ) throws {
    let reference = TensorReference(text)
    let file = try PeekedFile(reference.file, width: width, isRaw: isRaw, options: options, pool: pool)
    switch try Formats.open(file, as: "token ids", advice: Self.advice) {
    case .integers(let content): self.init(content, of: file)
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
    let source = try opened.array.bytes(from: 0)
    integers = StoredIntegers(source, name: text, type: type, count: count)
    (sequenceLength, container, integrities) = (length, opened.container, opened.integrities)
    (shape, place, boundsFile) = (opened.array.shape, opened.name, nil)
    let array = opened.array as? CursorArray
    end = { try array?.checkEnd(source) }
  }

  /// A file of nothing but token ids.
  private init(_ content: PlainIntegers, of file: PeekedFile) {
    integers = StoredIntegers(content.source, name: file.name, type: content.type, count: content.count)
    (container, boundsFile, end) = (content.container, content.bounds, content.checkEnd)
    (shape, sequenceLength, place, integrities) = (nil, nil, nil, [file.file.integrity] + content.integrities)
  }

  /// Checks, after all ids were read, that nothing follows and that the file did not change;
  /// see ``FileIntegrity/check(_:)``.
  func checkEnd(_ hasSameContent: () throws -> Bool) throws {
    try end()
    for integrity in integrities { try integrity.check(hasSameContent) }
  }
}
