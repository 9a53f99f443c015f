import Embeddings

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

  private enum Format: Sendable {
    case safetensors(SafetensorsFile.Tensor)
    case npy
    case hdf5(path: String)
  }

  /// Opens the array and checks that it is a matrix of floats. Throws ``StreamError``.
  public init(_ reference: TensorReference) throws {
    self.reference = reference
    let file = try FileBytes(name: reference.file)
    guard file.size != nil else { throw Self.notAMatrix(reference, "a pipe, which cannot be read twice") }
    let start = try file.peek(HDF5File.magic.count)
    let shape: [Int]
    if start == HDF5File.magic {
      let dataset = try Self.dataset(reference)
      (format, shape, typeName) = (.hdf5(path: dataset.path), dataset.shape, dataset.typeName)
      guard dataset.category == .float else { throw Self.notAMatrix(reference, "\(typeName) of shape \(shape)") }
      try dataset.checkStored()
    } else if start.starts(with: NPYHeader.magic) || ZstdBytes.recognizes(start) {
      let header = try Self.npyHeader(reference).header
      (format, shape, typeName) = (.npy, header.shape, header.type.name)
      guard header.type.scalar != nil, !header.isColumnMajor else {
        throw Self.notAMatrix(reference, header.summary + (header.isColumnMajor ? ", column-major" : ""))
      }
    } else {
      let tensor = try SafetensorsFile(reference.file).tensor(named: reference.tensor)
      (format, shape, typeName) = (.safetensors(tensor), tensor.shape, tensor.typeName)
      guard tensor.type?.scalar != nil else { throw Self.notAMatrix(reference, "\(typeName) of shape \(shape)") }
    }
    guard shape.count == 2, shape[1] <= Block.maximumDimension else {
      throw Self.notAMatrix(reference, "\(typeName) of shape \(shape)")
    }
    rows = shape[0]
    columns = shape[1]
  }

  private static func notAMatrix(_ reference: TensorReference, _ found: String) -> StreamError {
    StreamError(
      .badReference,
      Diagnosis(
        file: reference.description, expected: "a matrix of floats, V × d, row-major", found: found,
        advice: "name the output head, as in model.safetensors#lm_head.weight"))
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
        try SafetensorsFile.readRows(tensor, of: reference.file, tokens.map(Int.init), into: start)
      case .npy: try readNPY(tokens, into: start)
      case .hdf5(let path):
        try HDF5Rows(file: HDF5File(reading: reference.file), path: path).read(tokens.map(Int.init), into: start)
      }
    }
  }

  /// Reads the array in order, as it may be compressed, and passes over the rows not asked for.
  private func readNPY(_ tokens: [Int32], into out: UnsafeMutablePointer<Double>) throws {
    let (cursor, header) = try Self.npyHeader(reference)
    guard let scalar = header.type.scalar else { return }
    let row = UnsafeMutableRawBufferPointer.allocate(byteCount: columns * scalar.byteCount, alignment: 8)
    defer { row.deallocate() }
    guard let start = row.baseAddress else { return }
    var next = 0
    for (index, token) in tokens.enumerated() {
      let gap = (Int(token) - next) * row.count
      guard try cursor.skip(gap) == gap, try cursor.fill(row) == row.count else {
        throw cursor.truncated("row \(token) of the matrix")
      }
      next = Int(token) + 1
      header.type.makeNative(row)
      scalar.widen(start, count: columns, into: out + index * columns)
    }
  }
}
