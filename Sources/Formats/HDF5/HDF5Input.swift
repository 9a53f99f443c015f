import HDF5
import Storage
import Support

/// Datasets of an HDF5 file.
final class HDF5Input: NamedArraysFile {
  let name: String
  let size: Int
  /// The first dataset that only the library can read, and why.
  private var byLibrary: String?
  /// The first dataset of opaque elements.
  private var opaque: String?
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

  var container: String { "HDF5" }
  var integrities: [FileIntegrity] { [bytes.integrity] }

  func matching(_ options: ReadOptions) throws -> ArrayMatching {
    let listing = try file.listing()
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
      byLibrary = byLibrary ?? "“\(path)” is read by the HDF5 library alone, on one thread: \(reason)"
      let (twice, overflow) = try file.dataset(path).chunkBand?.bytes.multipliedReportingOverflow(by: 2) ?? (0, false)
      keptBytes = max(keptBytes, overflow ? .max : twice)
    }
    return array
  }

  var notes: [String] {
    let unclosed = file.isBeingWritten ? "its writer did not close it (SWMR); what was flushed is read" : nil
    return [unclosed, opaque, byLibrary].compactMap { $0.map { "\(name): \($0)" } }
  }

  private func dataset(_ path: String) throws -> HDF5Array {
    let array = try HDF5Array(file, path, bytes: bytes, decoders: decoders, pool: pool)
    if array.elementType?.kind == .bfloat, opaque == nil, try file.dataset(path).isOpaque {
      opaque = "“\(path)” holds opaque elements of 2 bytes, read as bfloat16, which h5py stores like that"
    }
    return array
  }

  /// A matrix must be named, because a file may hold many.
  func matrix(named path: String?, as form: MatrixFile.Form) throws -> ChosenMatrix {
    guard let path else {
      throw StreamError(
        .badReference, file: name, expected: "the name of a dataset after #", found: "none",
        advice: "name one after #; it holds \(Self.few(try file.datasetPaths()))")
    }
    let matrix = try dataset(path)
    if matrix.holdsFloats { try file.dataset(path).checkStored() }
    return ChosenMatrix(array: matrix, words: nil)
  }

  /// The first paths, and how many more there are.
  private static func few(_ paths: [String]) -> String {
    paths.prefix(mostNamed).joined(separator: ", ")
      + (paths.count > mostNamed ? " and \(paths.count - mostNamed) more" : "")
  }

  private static let mostNamed = 12

  func facts() throws -> [(String, JSONValue)] {
    let listing = try file.listing()
    let datasets: [JSONValue.Member] = try listing.paths.map { path in
      let dataset = try file.dataset(path)
      return .init(path, .string("\(dataset.typeName) \(dataset.shape)"))
    }
    return [("datasets", .object(datasets)), ("attributes", .object(file.attributes))]
      + (listing.unreadable.map { [("unreadable", .string($0.diagnosis.summary))] } ?? [])
  }
}
