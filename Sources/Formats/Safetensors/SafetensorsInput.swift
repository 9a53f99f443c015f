import Samples
import Storage

/// Tensors of safetensors files as a stream: labels and features of one file, or of the shards of an index.
///
/// Names have dots where paths have slashes: `0.labels` and `0.embeddings` are a pair of the group `0`. Tensors are mapped,
/// not loaded.
final class SafetensorsInput: ArraysFile {
  let size: Int
  let pairs: [ArrayPairing.Pair]
  let pairing: ArrayPairing
  let integrities: [FileIntegrity]
  private let file: SafetensorsFile
  private let opened: [String: FileIntegrity]

  /// - Parameter choose: the pairs among its arrays.
  init(
    _ name: String, options: ReadOptions,
    pairs choose: (ArrayPairing) throws -> [ArrayPairing.Pair] = { try $0.pairs() }
  ) throws {
    file = try SafetensorsFile(name)
    let pairing = ArrayPairing(
      file: name, names: options.arrays, uint16IsBFloat16: options.uint16IsBFloat16,
      file.tensors.map { .init(path: $0.name, shape: $0.shape, type: $0.type) }, separator: ".")
    pairs = try choose(pairing)
    self.pairing = pairing
    let shards = try file.files.map { try FileBytes(name: $0) }
    size = shards.reduce(0) { $0 + ($1.size ?? 0) }
    integrities = shards.map(\.integrity)
    opened = Dictionary(shards.map { ($0.name, $0.integrity) }) { first, _ in first }
  }

  var name: String { file.name }
  var container: String { "safetensors" }
  var notes: [String] { [] }

  func array(_ index: Int) throws -> any StoredArray {
    let tensor = file.tensors[index]
    return SafetensorsArray(tensor: tensor, integrity: opened[tensor.file])
  }
}

/// A tensor, read where it lies in its file.
struct SafetensorsArray: StoredArray {
  let tensor: SafetensorsFile.Tensor
  let integrity: FileIntegrity?

  var path: String { tensor.name }
  var shape: [Int] { tensor.shape }
  var elementType: ElementType? { tensor.type }
  var position: String { "“\(tensor.name)”" }
  var summary: String { "\(tensor.typeName) of shape \(Self.text(of: shape))" }
  var storedBytes: Int { tensor.byteCount }

  func bytes(from row: Int) throws -> any ByteSource {
    let source = try FileBytes(name: tensor.file, integrity: integrity)
    // Less than the tensor's bytes, which are in the file.
    _ = try source.skip(tensor.offset + row * (rowBytes ?? 0))
    return source
  }
}
