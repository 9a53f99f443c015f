import Storage

/// An array whose first indices count positions, or one of the arrays that say where sequences are: opened by what its file
/// holds, whatever its name.
struct PositionArray {
  let array: any StoredArray
  /// As the user named the file.
  let file: String
  /// What the file is, in words.
  let container: String
  /// Bytes of the file.
  let size: Int
  let integrities: [FileIntegrity]
  let notes: [String]
  /// The file and all its arrays, where it names them.
  let others: (file: any ArraysFile, arrays: ArrayPairing)?

  /// What is looked for in a file that names its arrays.
  struct Role: Sendable {
    /// In words: `features (2-d or 3-d floats)`.
    let what: String
    let standard: [String]
    let advice: String
    let fits: @Sendable (ArrayPairing.Candidate) -> Bool

    static let tokens = Role(
      what: "token ids (1-d or 2-d integers)", standard: ["tokens", "input_ids"],
      advice: "name the array of token ids, as in --tokens file.h5#input_ids"
    ) { $0.type?.isInteger == true && (1...2).contains($0.shape.count) }

    static func bounds(_ option: String) -> Role {
      Role(
        what: "\(option) of sequences (1-d integers)", standard: [],
        advice: "name the array, as in --sequence-\(option) file.h5#\(option)"
      ) { $0.type?.isInteger == true && $0.shape.count == 1 }
    }

    static func features(uint16IsBFloat16: Bool) -> Role {
      Role(
        what: "features by position (2-d or 3-d floats)", standard: ["embeddings", "features", "hidden_states"],
        advice: "say which array they are with --features"
      ) {
        (2...3).contains($0.shape.count) && ($0.type?.scalar != nil || uint16IsBFloat16 && $0.type?.isUInt16 == true)
      }
    }
  }

  /// - Parameters:
  ///   - file: of which nothing was read.
  ///   - name: of the array, in a file that names its arrays.
  /// Throws ``StreamError`` where the file holds no such array.
  init(_ file: PeekedFile, named name: String?, as role: Role) throws {
    try self.init(Formats.open(file, as: role.what), of: file, named: name, as: role)
  }

  /// The same of a file that was opened.
  init(_ opened: Opened, of file: PeekedFile, named name: String?, as role: Role) throws {
    switch opened {
    case .inOrder(let cursor):
      let only = try CursorArray(cursor, of: file)
      try only.checkAlone()
      (array, self.file, size, integrities) = (only, file.name, only.storedBytes, [only.integrity])
      (container, notes, others) = (only.container, [], nil)
    case .named(let arrays):
      let pairing = try arrays.pairing(file.options)
      let index = try pairing.one(
        role.what, named: name, standard: role.standard, advice: role.advice, fits: role.fits)
      array = try arrays.array(pairing.candidates[index].path)
      guard role.fits(pairing.candidates[index]) else {
        throw StreamError(
          .badShape, file: file.name, position: array.position, expected: role.what, found: array.summary,
          advice: role.advice)
      }
      (self.file, container, size, integrities) = (arrays.name, arrays.container, arrays.size, arrays.integrities)
      (notes, others) = (arrays.notes, (arrays, pairing))
    case .integers: throw Formats.unknown(file, role.what)
    }
  }

  /// Another array of the same file.
  init(_ array: any StoredArray, of other: PositionArray) {
    (self.array, file, container, size) = (array, other.file, other.container, other.size)
    (integrities, notes, others) = (other.integrities, [], other.others)
  }

  /// Positions of an array of so many indices, and what the first of two says of sequences.
  ///
  /// Throws ``StreamError`` where bytes cannot be counted.
  func positions(_ indices: Int) throws -> (count: Int, sequenceLength: Int?) {
    let shape = array.shape
    var bytes = 8
    for extent in shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
      guard !overflow else {
        throw StreamError(
          .badShape, file: file, position: array.position, expected: "an array that can be addressed",
          found: array.summary, advice: "the file is damaged: write it again")
      }
      bytes = product
    }
    return indices == 2 ? (shape[0] * shape[1], shape[1]) : (shape[0], nil)
  }

  /// Its bytes from a position on, of an array of `count` indices of positions.
  func bytes(from position: Int, indices: Int, positionBytes: Int) throws -> any ByteSource {
    guard indices == 2, array.shape[1] > 0 else { return try array.bytes(from: position) }
    let source = try array.bytes(from: position / array.shape[1])
    // Less than the array's bytes, which are counted.
    let rest = position % array.shape[1] * positionBytes
    guard try source.skip(rest) == rest else { throw truncated(position) }
    return source
  }

  /// The error that the array ends before a position.
  func truncated(_ position: Int) -> StreamError { array.truncated("position \(position)", file: file) }
}
