import HDF5
import Samples
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
  func nextBatch(firstRow: Int, options: ReadOptions) throws -> (any StreamBatch)?
}

/// Labelled rows of one input that were stored together, being read in order.
protocol StreamBatch {
  var rows: Int { get }
  var dimension: Int { get }
  var scalar: ScalarType { get }
  var hasPredictions: Bool { get }
  /// The element types, in words.
  var typeNames: (labels: String, features: String) { get }
  /// Rows of the input before this batch.
  var firstRow: Int { get }
  /// Rows already read.
  var done: Int { get }
  /// Where it starts, of inputs that can be come back to, and what of the input comes before it.
  var start: (mark: ByteMark?, offset: Int) { get }

  /// Passes over the first `count` rows, of a batch of which none was read.
  mutating func skipFirst(_ count: Int) throws
  /// Reads the next `count` rows into `builder`.
  mutating func read(_ count: Int, into builder: borrowing BlockBuilder) throws
  /// Passes over the features, checks the predictions and calls `body` with the labels, by runs.
  mutating func scanLabels(_ body: (UnsafeBufferPointer<Int32>) -> Void) throws
}

extension StreamInput {
  var notes: [String] { [] }
  var keptBytes: Int { 0 }
}

/// Opens inputs by what they hold: a name says nothing.
enum StreamInputs {
  /// - Parameters:
  ///   - number: which of the stream's inputs it is.
  ///   - pool: where buffers come from.
  ///   - shared: the tokens, where these are apart and one file has those of all inputs.
  ///   - place: the batch to begin with, as ``StreamBatch/start`` has it.
  static func open(
    _ name: String, number: Int = 0, options: ReadOptions, pool: BufferPool = BufferPool(),
    shared: SharedTokens? = nil, at place: (mark: ByteMark, offset: Int)? = nil
  ) throws -> any StreamInput {
    let file = try FileBytes(name: name)
    if let pairing = options.pairing {
      return try PairedInput(file, number: number, pairing, options: options, pool: pool, shared: shared, at: place)
    }
    let (start, first) = (try file.peek(9), place?.mark.frame ?? 0)
    if start.starts(with: HDF5File.magic) {
      return ArraysInput(try HDF5Input(file, options: options, pool: pool), pool: pool, from: first)
    }
    if let size = file.size, name != "-",
      SafetensorsFile.recognizes(start, size: size) || SafetensorsIndex.recognizes(start)
    {
      return ArraysInput(try SafetensorsInput(name, options: options), pool: pool, from: first)
    }
    return NPYInput(try ArrayCursor(file, threads: options.threads, pool: pool, at: place))
  }
}
