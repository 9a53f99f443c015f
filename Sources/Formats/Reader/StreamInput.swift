import Storage

/// One open input of a stream: its batches, in order.
///
/// Used by one task at a time. Throws ``StreamError`` that names file and position.
protocol StreamInput: AnyObject {
  /// The input as the user named it.
  var name: String { get }
  /// Bytes read from it so far, as stored.
  var consumedBytes: Int { get }
  /// Bytes of decompressed content so far, if known separately.
  var decodedBytes: Int? { get }
  /// What kind of file it is, in words.
  var container: String { get }
  /// Whether there was nothing to read in it.
  var isEmpty: Bool { get }
  /// Integrity of its files; mappings of them may outlive the input.
  var integrities: [FileIntegrity] { get }
  /// Notes for the user about how it is read.
  var notes: [String] { get }
  /// What was chosen to read it; nil before the first batch.
  var choice: StreamChoice? { get }
  /// Bytes of memory that the open batches hold, in addition to the read-ahead shared by all inputs.
  var keptBytes: Int { get }
  /// Bytes of memory that large windows of its Zstandard frames take, in addition to the read-ahead.
  var windowBytes: Int { get }

  /// Opens the next batch; nil at the end.
  ///
  /// - Parameter firstRow: number of rows of the input before the batch.
  func nextBatch(firstRow: Int, options: ReadOptions) throws -> Batch?
}

extension StreamInput {
  var notes: [String] { [] }
  var keptBytes: Int { 0 }
  var windowBytes: Int { 0 }
}

/// Opens inputs by their content.
enum StreamInputs {
  /// - Parameters:
  ///   - number: the index of the input in the stream.
  ///   - pool: supplies the buffers.
  ///   - shared: the tokens, if all inputs share one separate file of tokens.
  ///   - place: the batch to start with, as in ``Batch/start``.
  static func open(
    _ name: String, number: Int = 0, options: ReadOptions, pool: BufferPool = BufferPool(),
    shared: SharedTokens? = nil, at place: (mark: ResumablePosition, offset: Int)? = nil
  ) throws -> any StreamInput {
    let wanted = "an embedding stream"
    if let alignment = options.alignment {
      let file = try PeekedFile(name, options: options, pool: pool)
      return try AlignedInput(file, number: number, alignment, options: options, pool: pool, shared: shared, at: place)
    }
    let file = try PeekedFile(name, options: options, pool: pool, at: place)
    switch try Formats.open(file, as: wanted) {
    case .inOrder(let cursor): return CursorInput(cursor, scratch: options.scratch)
    case .named(let arrays):
      return try NamedArraysInput(
        arrays, options: options, pool: pool, from: place.map { ($0.mark.frame, $0.mark.content) } ?? (0, 0))
    case .integers(let tokens): throw Formats.onlyTokens(file, tokens.container, wanted)
    }
  }
}
