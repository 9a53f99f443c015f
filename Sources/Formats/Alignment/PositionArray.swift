import HDF5
import Storage
import Support

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
  /// The file with all its arrays, where it names them.
  let others: (any ArraysFile)?

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
  ///   - name: of the array, in a file that names its arrays.
  ///   - file: of which nothing was read.
  /// Throws ``StreamError`` where the file holds no such array.
  init(_ file: FileBytes, named name: String?, as role: Role, options: ReadOptions, pool: BufferPool) throws {
    let start = try file.peek(9)
    let arrays: any ArraysFile
    if start.starts(with: HDF5File.magic) {
      arrays = try HDF5Input(file, options: options, pool: pool) { _ in [] }
    } else if let size = file.size, file.name != "-",
      SafetensorsFile.recognizes(start, size: size) || SafetensorsIndex.recognizes(start)
    {
      arrays = try SafetensorsInput(file.name, options: options) { _ in [] }
    } else {
      self.init(try NPYArray(file, threads: options.threads, pool: pool), of: file)
      return
    }
    let index = try arrays.pairing.one(
      role.what, named: name, standard: role.standard, advice: role.advice, fits: role.fits)
    let array = try arrays.array(index)
    guard role.fits(arrays.pairing.candidates[index]) else {
      throw StreamError(
        .badShape,
        Diagnosis(
          file: file.name, position: array.position, expected: role.what, found: array.summary, advice: role.advice))
    }
    self.init(array, arrays)
  }

  private init(_ array: any StoredArray, _ arrays: any ArraysFile) {
    (self.array, file, container, size) = (array, arrays.name, arrays.container, arrays.size)
    (integrities, notes, others) = (arrays.integrities, arrays.notes, arrays)
  }

  /// The array of an NPY file.
  init(_ npy: NPYArray, of file: FileBytes) {
    (array, self.file, size, integrities) = (npy, file.name, npy.storedBytes, [npy.integrity])
    (container, notes, others) = (npy.isCompressed ? "NPY in Zstandard" : "NPY", [], nil)
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
          .badShape,
          Diagnosis(
            file: file, position: array.position, expected: "an array that can be addressed", found: array.summary,
            advice: "the file is damaged: write it again"))
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
  func truncated(_ position: Int) -> StreamError {
    StreamError(
      .truncated,
      Diagnosis(
        file: file, position: array.position, expected: "\(array.summary), position \(position) among them",
        found: "the end of the data inside it", advice: "the file was cut short: write it again, or copy it again"))
  }
}
