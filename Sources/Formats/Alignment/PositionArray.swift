import Storage

/// An array indexed by position, or an array of sequence bounds. Its file is opened by content, whatever its name.
struct PositionArray {
  let array: any StoredArray
  /// The file as the user named it.
  let file: String
  /// What kind of file it is, in words.
  let container: String
  /// Bytes of the file.
  let size: Int
  let integrities: [FileIntegrity]
  let notes: [String]
  /// The file, all its arrays, and the index of this one, if the file names them.
  let others: (file: any NamedArraysFile, arrays: ArrayMatching, index: Int)?

  /// What to look for in a file that names its arrays.
  struct Role: Sendable {
    /// In words: `features (2-d or 3-d floats)`.
    let what: String
    let standard: [String]
    let advice: String
    /// The shape without axes of extent 1 that do not matter to this role.
    let squeezed: @Sendable ([Int]) -> [Int]
    let fits: @Sendable (ArrayMatching.Candidate) -> Bool

    static let tokens = Role(
      what: "token ids (1-d or 2-d integers)", standard: UsualNames.tokens,
      advice: "name the array of token ids, as in --tokens file.h5#input_ids", squeezed: UnitAxes.tokens
    ) { $0.type?.isInteger == true && (1...2).contains(UnitAxes.tokens($0.shape).count) }

    static func bounds(_ option: String) -> Role {
      Role(
        what: "\(option) of sequences (1-d integers)", standard: [],
        advice: "name the array, as in --sequence-\(option) file.h5#\(option)", squeezed: UnitAxes.vector
      ) { $0.type?.isInteger == true && UnitAxes.vector($0.shape).count == 1 }
    }

    static func features(uint16IsBFloat16: Bool) -> Role {
      Role(
        what: "features by position (2-d or 3-d floats)", standard: UsualNames.features,
        advice: "name the array with --features", squeezed: UnitAxes.positions
      ) {
        (2...3).contains(UnitAxes.positions($0.shape).count)
          && ($0.type?.scalar != nil || uint16IsBFloat16 && $0.type?.isUInt16 == true)
      }
    }
  }

  /// - Parameters:
  ///   - file: not read yet.
  ///   - name: of the array, in a file that names its arrays.
  /// Throws ``StreamError`` if the file holds no such array.
  init(_ file: PeekedFile, named name: String?, as role: Role) throws {
    try self.init(Formats.open(file, as: role.what), of: file, named: name, as: role)
  }

  /// The same for an open file.
  init(_ opened: Opened, of file: PeekedFile, named name: String?, as role: Role) throws {
    switch opened {
    case .inOrder(let cursor):
      let only = try CursorArray(cursor, of: file, squeezed: role.squeezed)
      try only.checkAlone()
      (array, self.file, size, integrities) = (only, file.name, only.storedBytes, [only.integrity])
      (container, notes, others) = (only.container, [], nil)
    case .named(let arrays):
      let matching = try arrays.matching(file.options)
      let index = try matching.one(
        role.what, named: name, standard: role.standard, advice: role.advice, fits: role.fits)
      array = SqueezedArray.of(try arrays.array(matching.candidates[index].path), role.squeezed)
      guard role.fits(matching.candidates[index]) else {
        throw StreamError(
          .badShape, file: file.name, position: array.position, expected: role.what, found: array.summary,
          advice: array.shape.count > 3 ? UnitAxes.joining(array.shape) : role.advice)
      }
      (self.file, container, size, integrities) = (arrays.name, arrays.container, arrays.size, arrays.integrities)
      (notes, others) = (arrays.notes, (arrays, matching, index))
    case .integers(let tokens): throw Formats.onlyTokens(file, tokens.container, role.what)
    }
  }

  /// An array of an open file.
  ///
  /// - Parameter squeezed: drops axes of extent 1 from the shape.
  init(
    _ index: Int, of arrays: ArrayMatching, in file: any NamedArraysFile,
    squeezed: ([Int]) -> [Int] = UnitAxes.tokens
  ) throws {
    array = SqueezedArray.of(try file.array(arrays.candidates[index].path), squeezed)
    (self.file, container, size, integrities) = (file.name, file.container, file.size, file.integrities)
    (notes, others) = ([], (file, arrays, index))
  }

  /// Its path and last component, if its file names arrays.
  var name: (path: String, leaf: String)? {
    others.map { ($0.arrays.candidates[$0.index].path, $0.arrays.leaf($0.index)) }
  }

  /// The number of positions, given how many of the array's indices count positions; with two, also the sequence
  /// length.
  ///
  /// Throws ``StreamError`` if the byte count overflows.
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

  /// Its bytes from a position on, if the first `indices` indices count positions.
  func bytes(from position: Int, indices: Int, positionBytes: Int) throws -> any ByteSource {
    guard indices == 2, array.shape[1] > 0 else { return try array.bytes(from: position) }
    let source = try array.bytes(from: position / array.shape[1])
    // Cannot overflow: it is less than the array's byte count.
    let rest = position % array.shape[1] * positionBytes
    guard try source.skip(rest) == rest else { throw truncated(position) }
    return source
  }

  /// The error for an array that ends before a position.
  func truncated(_ position: Int) -> StreamError { array.truncated("position \(position)", file: file) }
}
