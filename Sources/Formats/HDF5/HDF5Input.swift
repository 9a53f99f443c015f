import HDF5
import Storage
import Support

/// Datasets of an HDF5 file: labels and features, a pair in the file itself, or one in each of its groups.
final class HDF5Input: ArraysFile {
  let name: String
  let size: Int
  let pairs: [ArrayPairing.Pair]
  let pairing: ArrayPairing
  /// Says where the library reads a dataset alone, of the first such one.
  private(set) var notes: [String] = []
  /// Of arrays that the library reads: a row of chunks, decompressed, and once more in the filters.
  private(set) var keptBytes = 0

  private let file: HDF5File
  private let bytes: FileBytes
  private let paths: [String]
  private let decoders: ChunkDecoders
  private let pool: BufferPool

  /// - Parameters:
  ///   - bytes: the file, opened, of which nothing was read.
  ///   - choose: the pairs among its arrays.
  init(
    _ bytes: FileBytes, options: ReadOptions, pool: BufferPool,
    pairs choose: (ArrayPairing) throws -> [ArrayPairing.Pair] = { try $0.pairs() }
  ) throws {
    guard bytes.name != "-", let size = bytes.size else {
      throw StreamError(
        .notAFile,
        Diagnosis(
          file: bytes.name, expected: "a file where a stream is HDF5",
          found: "a pipe, which has no order to be read in",
          advice: "name the file, or pipe NPY arrays"))
    }
    let file = try HDF5File(reading: bytes.name)
    let listing = try file.listing(most: Self.mostDatasets)
    var addresses: [HDF5Address: Int] = [:]
    let candidates = try listing.paths.enumerated().map { index, path in
      let dataset = try file.dataset(path)
      let first = dataset.address.map { address in
        defer { addresses[address] = addresses[address] ?? index }
        return addresses[address] ?? index
      }
      return ArrayPairing.Candidate(path: path, shape: dataset.shape, type: dataset.elementType, first: first)
    }
    let pairing = ArrayPairing(
      file: bytes.name, names: options.arrays, uint16IsBFloat16: options.uint16IsBFloat16, candidates,
      unreadable: listing.unreadable)
    pairs = try choose(pairing)
    self.pairing = pairing
    paths = candidates.map(\.path)
    (name, self.size, self.file, self.bytes, self.pool) = (bytes.name, size, file, bytes, pool)
    decoders = ChunkDecoders(threads: options.threads)
  }

  /// Datasets of a file at most, of as many groups.
  private static let mostDatasets = 10_000_000

  var container: String { "HDF5" }
  var integrities: [FileIntegrity] { [bytes.integrity] }

  func array(_ index: Int) throws -> any StoredArray {
    let array = try HDF5Array(file, paths[index], bytes: bytes, decoders: decoders, pool: pool)
    if case .byLibrary(let reason) = array.storage {
      if notes.isEmpty {
        notes = ["\(name): “\(paths[index])” is read by the HDF5 library alone, on one thread: \(reason)"]
      }
      let (twice, overflow) =
        try file.dataset(paths[index]).chunkBand?.bytes.multipliedReportingOverflow(by: 2) ?? (0, false)
      keptBytes = max(keptBytes, overflow ? .max : twice)
    }
    return array
  }
}
