import Embeddings

/// Datasets of an HDF5 file: labels and features, a pair in the file itself, or one in each of its groups.
final class HDF5Input: ArraysInput {
  private let file: HDF5File
  private let bytes: FileBytes
  private let arraysOfPairs: [ArrayPairing.Pair]
  private let paths: [String]
  private let decoders: ChunkDecoders
  private var said: [String] = []

  /// - Parameters:
  ///   - bytes: the file, opened, of which nothing was read.
  ///   - first: number of the pair to begin with.
  init(_ bytes: FileBytes, options: ReadOptions, pool: BufferPool, from first: Int) throws {
    guard bytes.name != "-", let size = bytes.size else {
      throw StreamError(
        .notAFile,
        Diagnosis(
          file: bytes.name, expected: "a file where a stream is HDF5",
          found: "a pipe, which has no order to be read in",
          advice: "name the file, or pipe NPY arrays"))
    }
    let file = try HDF5File(reading: bytes.name)
    let candidates = try file.datasetPaths(most: Self.mostDatasets).map { path in
      let dataset = try file.dataset(path)
      return ArrayPairing.Candidate(path: path, shape: dataset.shape, type: dataset.elementType)
    }
    let pairing = ArrayPairing(
      file: bytes.name, names: options.arrays, uint16IsBFloat16: options.uint16IsBFloat16, candidates)
    arraysOfPairs = try pairing.pairs()
    paths = candidates.map(\.path)
    self.file = file
    self.bytes = bytes
    decoders = ChunkDecoders(threads: options.threads)
    super.init(
      name: bytes.name, container: "HDF5", size: size, pairs: arraysOfPairs.count, integrities: [bytes.integrity],
      pool: pool, first: first)
  }

  /// Datasets of a file at most, of as many groups.
  private static let mostDatasets = 10_000_000

  override var notes: [String] { said }

  override func arrays(_ number: Int) throws -> Arrays {
    let pair = arraysOfPairs[number]
    return Arrays(
      labels: try array(pair.labels), predictions: try pair.predictions.map(array), features: try array(pair.features))
  }

  private func array(_ index: Int) throws -> HDF5Array {
    let array = try HDF5Array(file, paths[index], bytes: bytes, decoders: decoders, pool: pool)
    if said.isEmpty, case .byLibrary(let reason) = array.storage {
      said = ["\(name): “\(paths[index])” is read by the HDF5 library alone, on one thread: \(reason)"]
    }
    return array
  }
}
