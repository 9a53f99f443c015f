import HDF5
import Samples
import Storage
import Support

/// A matrix in a file, read by rows: a classifier (output head), V × d.
///
/// The file's first bytes say what it is: HDF5, NPY (plain or Zstandard), else safetensors.
public struct MatrixFile: Sendable {
  public let reference: TensorReference
  public let rows: Int
  public let columns: Int
  /// Element type in words.
  public let typeName: String

  private let format: Format

  /// What is looked for in the file.
  public enum Form: Sendable {
    /// V × d, row-major: an output head.
    case matrix
    /// V numbers, a row each: the bias of one.
    case column
  }

  private enum Format: Sendable {
    case safetensors(SafetensorsFile.Tensor)
    case npy
    case hdf5(path: String)
  }

  /// Opens the array and checks that it is one of floats, of that form. Throws ``StreamError``.
  public init(_ reference: TensorReference, _ form: Form = .matrix) throws {
    func wrong(_ found: String) -> StreamError { Self.wrong(reference, form, found) }
    self.reference = reference
    let file = try FileBytes(name: reference.file)
    guard file.size != nil else { throw wrong("a pipe, which cannot be read twice") }
    let start = try file.peek(HDF5File.magic.count)
    let shape: [Int]
    if start == HDF5File.magic {
      let dataset = try Self.dataset(reference)
      (format, shape, typeName) = (.hdf5(path: dataset.path), dataset.shape, dataset.typeName)
      guard dataset.category == .float else { throw wrong("\(typeName) of shape \(shape)") }
      try dataset.checkStored()
    } else if start.starts(with: NPYHeader.magic) || ZstdBytes.recognizes(start) {
      let header = try Self.npyHeader(reference).header
      (format, shape, typeName) = (.npy, header.shape, header.type.name)
      guard header.type.scalar != nil, !header.isColumnMajor else {
        throw wrong(header.summary + (header.isColumnMajor ? ", column-major" : ""))
      }
    } else {
      let tensor = try SafetensorsFile(reference.file).tensor(named: reference.tensor)
      (format, shape, typeName) = (.safetensors(tensor), tensor.shape, tensor.typeName)
      guard tensor.type?.scalar != nil else { throw wrong("\(typeName) of shape \(shape)") }
    }
    guard shape.count == (form == .matrix ? 2 : 1), shape.count == 1 || shape[1] <= Block.maximumDimension else {
      throw wrong("\(typeName) of shape \(shape)")
    }
    rows = shape[0]
    columns = shape.count == 1 ? 1 : shape[1]
  }

  private static func wrong(_ reference: TensorReference, _ form: Form, _ found: String) -> StreamError {
    StreamError(
      .badReference,
      Diagnosis(
        file: reference.description,
        expected: form == .matrix ? "a matrix of floats, V × d, row-major" : "a vector of floats, V of them",
        found: found,
        advice: form == .matrix
          ? "name the output head, as in model.safetensors#lm_head.weight"
          : "name the bias of the output head, as in model.safetensors#lm_head.bias"))
  }

  private static func dataset(_ reference: TensorReference) throws -> HDF5Dataset {
    let file = try HDF5File(reading: reference.file)
    guard let path = reference.tensor else {
      throw StreamError(
        .badReference,
        Diagnosis(
          file: reference.file, expected: "the name of a dataset after #", found: "none",
          advice: "it holds \(file.datasetPaths().joined(separator: ", "))"))
    }
    return try file.dataset(path)
  }

  private static func npyHeader(_ reference: TensorReference) throws -> (cursor: ArrayCursor, header: NPYHeader) {
    let cursor = try ArrayCursor(name: reference.file)
    guard let header = try cursor.nextHeader() else { throw cursor.truncated("an NPY array") }
    return (cursor, header)
  }

  /// The rows of the given token ids, widened to Float64, [tokens × columns].
  ///
  /// - Precondition: `tokens` are ascending, each once.
  /// Throws ``StreamError`` where a token has no row, or the file cannot be read.
  public func rows(of tokens: [Int32]) throws -> Matrix {
    precondition(zip(tokens, tokens.dropFirst()).allSatisfy { $0 < $1 })
    if let last = tokens.last, Int(last) >= rows {
      throw StreamError(
        .badReference,
        Diagnosis(
          file: reference.description, expected: "a row for token \(last), the largest seen", found: "\(rows) rows",
          advice: "use the classifier of the model and tokenizer that made the samples"))
    }
    return try Matrix(rows: tokens.count, columns: columns) { out in
      guard let start = out.baseAddress else { return }
      switch format {
      case .safetensors(let tensor):
        try SafetensorsFile.readRows(tensor, tokens.map(Int.init), into: start)
      case .npy: try readNPY(tokens, into: start)
      case .hdf5(let path):
        try HDF5Rows(file: HDF5File(reading: reference.file), path: path).read(tokens.map(Int.init), into: start)
      }
    }
  }

  /// Calls `body` with all rows, widened to Float64, in order and by runs of `count` at most.
  ///
  /// A compressed array is read through once. Throws what `body` throws, and ``StreamError`` where the file cannot be read.
  public func forEachRun(of count: Int, _ body: (Matrix) throws -> Void) throws {
    guard case .npy = format else {
      for start in stride(from: 0, to: rows, by: count) {
        try body(rows(of: (start..<min(start + count, rows)).map(Int32.init)))
      }
      return
    }
    let source = try NPYRows(reference)
    for start in stride(from: 0, to: rows, by: count) {
      let end = min(start + count, rows)
      let run = try Matrix(rows: end - start, columns: columns) { out in
        guard let target = out.baseAddress else { return }
        for row in start..<end { try source.read(row, into: target + (row - start) * columns) }
      }
      try body(run)
    }
  }

  /// Reads the array in order, as it may be compressed, and passes over the rows not asked for.
  private func readNPY(_ tokens: [Int32], into out: UnsafeMutablePointer<Double>) throws {
    let source = try NPYRows(reference)
    for (index, token) in tokens.enumerated() { try source.read(Int(token), into: out + index * columns) }
  }

  /// The rows of an NPY array, which may be compressed, one after another.
  private final class NPYRows {
    private let cursor: ArrayCursor
    private let type: ElementType
    private let row: UnsafeMutableRawBufferPointer
    private let columns: Int
    private var next = 0

    init(_ reference: TensorReference) throws {
      let header: NPYHeader
      (cursor, header) = try MatrixFile.npyHeader(reference)
      type = header.type
      columns = header.shape.dropFirst().reduce(1, *)
      row = .allocate(byteCount: columns * type.width, alignment: 8)
    }

    deinit { row.deallocate() }

    /// Passes over the rows before row `number`, and reads it.
    func read(_ number: Int, into out: UnsafeMutablePointer<Double>) throws {
      let gap = (number - next) * row.count
      guard let scalar = type.scalar, let start = row.baseAddress, try cursor.skip(gap) == gap,
        try cursor.fill(row) == row.count
      else { throw cursor.truncated("row \(number) of the matrix") }
      next = number + 1
      type.makeNative(row)
      scalar.widen(start, count: columns, into: out)
    }
  }
}
