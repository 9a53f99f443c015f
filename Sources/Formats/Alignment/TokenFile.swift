import HDF5
import Storage
import Support

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
  private let array: NPYArray?
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
    let file = try FileBytes(name: reference.file)
    let start = try file.peek(9)
    if ZstdBytes.recognizes(start) {
      let content = StartedBytes(
        options.threads > 1 ? ParallelZstdBytes(file, threads: options.threads, pool: pool) : try ZstdBytes(file))
      let first = try content.look(NPYHeader.magic.count)
      if first == NPYHeader.magic {
        let cursor = ArrayCursor(content, isPlainFile: false, size: nil, integrity: file.integrity, pool: pool)
        let npy = try NPYArray(cursor, of: file, isCompressed: true, pool: pool)
        try self.init(PositionArray(npy, of: file), text)
      } else {
        try self.init(content, of: file, width, size: nil, first)
      }
    } else if Self.holdsArrays(start, file, orIntegers: width != nil) {
      let opened = try PositionArray(file, named: reference.tensor, as: .tokens, options: options, pool: pool)
      try self.init(opened, text)
    } else {
      try self.init(file, of: file, width, size: file.size, start.prefix(6))
    }
  }

  /// Whether the file says what it holds.
  ///
  /// - Parameter orIntegers: whether it may hold nothing but integers, which can start as a safetensors file does.
  private static func holdsArrays(_ start: [UInt8], _ file: FileBytes, orIntegers: Bool) -> Bool {
    if start.starts(with: HDF5File.magic) || start.starts(with: NPYHeader.magic) { return true }
    guard let size = file.size, file.name != "-",
      SafetensorsFile.recognizes(start, size: size) || SafetensorsIndex.recognizes(start)
    else { return false }
    return !orIntegers || (try? SafetensorsFile(file.name)) != nil
  }

  private init(_ opened: PositionArray, _ text: String) throws {
    guard let type = opened.array.elementType, type.isInteger, (1...2).contains(opened.array.shape.count) else {
      throw StreamError(
        .unsupportedType,
        Diagnosis(
          file: opened.file, position: opened.array.position, expected: PositionArray.Role.tokens.what,
          found: opened.array.summary, advice: "save the token id of each position with numpy.save, as integers"))
    }
    let (count, length) = try opened.positions(opened.array.shape.count)
    source = try opened.array.bytes(from: 0)
    integers = StoredIntegers(source, name: text, type: type, count: count)
    (sequenceLength, container, integrities) = (length, opened.container, opened.integrities)
    (shape, array) = (opened.array.shape, opened.array as? NPYArray)
  }

  /// A file without a header.
  ///
  /// - Parameter size: of its content, where that is known.
  private init(
    _ content: any ByteSource, of file: FileBytes, _ width: TokenWidth?, size: Int?, _ first: some Sequence<UInt8>
  ) throws {
    guard let type = width?.element else {
      throw StreamError(
        .unknownFormat,
        ForeignFormat.diagnosis(
          file: file.name, expected: "token ids: NPY, plain or in Zstandard, HDF5 or safetensors", start: first,
          advice: "if the file holds nothing but integers, say which: --token-type uint16 or uint32"))
    }
    if let size, size % type.width > 0 {
      throw StoredIntegers.leftOver(size % type.width, of: type, in: file.name)
    }
    source = content
    integers = StoredIntegers(content, name: file.name, type: type, count: size.map { $0 / type.width })
    container = "little-endian \(type.name)" + (content is FileBytes ? "" : " in Zstandard")
    (shape, sequenceLength, integrities, array) = (nil, nil, [file.integrity], nil)
  }

  /// Checks, once all ids were read, that there is nothing else, and that the file was whole.
  func checkEnd() throws {
    try array?.checkEnd(source)
    for integrity in integrities { try integrity.check() }
  }
}
