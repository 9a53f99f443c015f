import HDF5
import Storage
import Support

/// Datasets of an HDF5 file.
final class HDF5Input: NamedArraysFile {
  let name: String
  let size: Int
  /// Names the first dataset that only the library can read.
  private(set) var notes: [String] = []
  /// For arrays that the library reads: a row of chunks, decompressed, and the same again in its filters.
  private(set) var keptBytes = 0

  private let file: HDF5File
  private let bytes: FileBytes
  private let decoders: ChunkDecoders
  private let pool: BufferPool

  /// - Parameter bytes: the open file, not read yet.
  init(_ bytes: FileBytes, options: ReadOptions, pool: BufferPool) throws {
    file = try HDF5File(reading: bytes.name)
    (name, size, self.bytes, self.pool) = (bytes.name, bytes.size ?? 0, bytes, pool)
    decoders = ChunkDecoders(threads: options.threads)
  }

  /// Maximum number of datasets in a file, and of groups.
  private static let mostDatasets = 10_000_000

  var container: String { "HDF5" }
  var integrities: [FileIntegrity] { [bytes.integrity] }

  func matching(_ options: ReadOptions) throws -> ArrayMatching {
    let listing = try file.listing(most: Self.mostDatasets)
    var addresses: [HDF5Address: Int] = [:]
    let candidates = try listing.paths.enumerated().map { index, path in
      let dataset = try file.dataset(path)
      let first = dataset.address.map { address in
        defer { addresses[address] = addresses[address] ?? index }
        return addresses[address] ?? index
      }
      return ArrayMatching.Candidate(path: path, shape: dataset.shape, type: dataset.elementType, first: first)
    }
    return ArrayMatching(
      file: name, names: options.arrays, uint16IsBFloat16: options.uint16IsBFloat16, candidates,
      unreadable: listing.unreadable)
  }

  func array(_ path: String) throws -> any StoredArray {
    let array = try dataset(path)
    if case .byLibrary(let reason) = try array.storage() {
      if notes.isEmpty {
        notes = ["\(name): “\(path)” is read by the HDF5 library alone, on one thread: \(reason)"]
      }
      let (twice, overflow) = try file.dataset(path).chunkBand?.bytes.multipliedReportingOverflow(by: 2) ?? (0, false)
      keptBytes = max(keptBytes, overflow ? .max : twice)
    }
    return array
  }

  private func dataset(_ path: String) throws -> HDF5Array {
    try HDF5Array(file, path, bytes: bytes, decoders: decoders, pool: pool)
  }

  /// A matrix must be named, because a file may hold many.
  func matrix(named path: String?) throws -> any StoredArray {
    guard let path else {
      throw StreamError(
        .badReference, file: name, expected: "the name of a dataset after #", found: "none",
        advice: "name one after #; it holds \(file.datasetPaths().joined(separator: ", "))")
    }
    let matrix = try dataset(path)
    if matrix.hasRowsOfFloats { try file.dataset(path).checkStored() }
    return matrix
  }

  func facts() throws -> [(String, JSONValue)] {
    let datasets: [JSONValue.Member] = try file.datasetPaths().map { path in
      let dataset = try file.dataset(path)
      return .init(path, .string("\(dataset.typeName) \(dataset.shape)"))
    }
    return [("datasets", .object(datasets)), ("attributes", .object(file.attributes))]
  }
}
