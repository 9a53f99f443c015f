import Storage

/// One input of a stream, opened: its batches, in order.
///
/// Used by one task at a time. Throws ``StreamError`` that names file and position.
protocol StreamInput: AnyObject {
  /// As the user named it.
  var name: String { get }
  /// Bytes taken of it so far, as they are stored.
  var consumedBytes: Int { get }
  /// Bytes of its content so far, decompressed, where it knows them apart.
  var decodedBytes: Int? { get }
  /// What it is, in words.
  var container: String { get }
  /// Whether it has had nothing to read.
  var isEmpty: Bool { get }
  /// Of its files, which mappings of them may outlive the input.
  var integrities: [FileIntegrity] { get }
  /// What the user should know of how it is read.
  var notes: [String] { get }
  /// Bytes of memory that the batches opened so far take beside what is read ahead of all inputs.
  var keptBytes: Int { get }

  /// Opens the next batch; nil at the end.
  ///
  /// - Parameter firstRow: rows of the input before it.
  func nextBatch(firstRow: Int, options: ReadOptions) throws -> Batch?
}

extension StreamInput {
  var notes: [String] { [] }
  var keptBytes: Int { 0 }
}

/// Opens inputs by what they hold.
enum StreamInputs {
  /// - Parameters:
  ///   - number: which of the stream's inputs it is.
  ///   - pool: where buffers come from.
  ///   - shared: the tokens, where these are apart and one file has those of all inputs.
  ///   - place: the batch to begin with, as ``Batch/start`` has it.
  static func open(
    _ name: String, number: Int = 0, options: ReadOptions, pool: BufferPool = BufferPool(),
    shared: SharedTokens? = nil, at place: (mark: ByteMark, offset: Int)? = nil
  ) throws -> any StreamInput {
    let wanted = "an embedding stream"
    if let pairing = options.pairing {
      let file = try PeekedFile(name, options: options, pool: pool)
      return try PairedInput(file, number: number, pairing, options: options, pool: pool, shared: shared, at: place)
    }
    let file = try PeekedFile(name, options: options, pool: pool, at: place)
    switch try Formats.open(file, as: wanted) {
    case .inOrder(let cursor): return CursorInput(cursor)
    case .named(let arrays): return try ArraysInput(arrays, options: options, pool: pool, from: place?.mark.frame ?? 0)
    case .integers: throw Formats.unknown(file, wanted)
    }
  }
}
