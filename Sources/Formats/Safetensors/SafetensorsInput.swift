import Samples
import Storage
import Support

/// Tensors of a safetensors file, or of the shards of an index.
///
/// Names use dots as paths use slashes: `0.labels` and `0.embeddings` are a pair in group `0`. Tensors are mapped, not
/// loaded.
final class SafetensorsInput: NamedArraysFile {
  let size: Int
  let integrities: [FileIntegrity]
  private let file: SafetensorsFile
  private let opened: [String: FileIntegrity]

  /// - Parameter start: the file, opened before its directory is read.
  init(_ start: FileBytes) throws {
    file = try SafetensorsFile(start.name)
    let shards = try file.files.map { try FileBytes(name: $0) }
    size = .saturatingSum(shards.map { $0.size ?? 0 })
    integrities = [start.integrity] + shards.map(\.integrity)
    opened = Dictionary(shards.map { ($0.name, $0.integrity) }) { first, _ in first }
  }

  var name: String { file.name }
  var container: String { "safetensors" }

  func matching(_ options: ReadOptions) -> ArrayMatching {
    ArrayMatching(
      file: name, names: options.arrays, uint16IsBFloat16: options.uint16IsBFloat16,
      file.tensors.map { .init(path: $0.name, shape: $0.shape, type: $0.type) }, separator: ".")
  }

  func array(_ path: String) throws -> any StoredArray { try array(of: file.tensor(named: path)) }

  func matrix(named name: String?, as form: MatrixFile.Form) throws -> ChosenMatrix {
    if let name {
      let tensor = try file.tensor(named: name)
      let isEmbedding = form == .matrix && TensorRole(name) == .embedding
      return ChosenMatrix(array: array(of: tensor), words: isEmbedding ? "the input embedding, by its name" : nil)
    }
    guard form == .matrix else { return try onlyVector() }
    let head = try ModelHead(file)
    return ChosenMatrix(array: array(of: head.tensor), words: head.words)
  }

  /// The bias of the output head, or else the only vector of floats.
  private func onlyVector() throws -> ChosenMatrix {
    let vectors = file.tensors.filter { $0.shape.count == 1 && $0.type?.scalar != nil }
    let biases = vectors.filter { TensorRole($0.name) == .head && $0.name.hasSuffix(".bias") }
    let chosen = biases.isEmpty ? vectors : biases
    guard chosen.count == 1 else { throw file.missing("lm_head.bias") }
    return ChosenMatrix(array: array(of: chosen[0]), words: biases.isEmpty ? "the only vector" : "the head's bias")
  }

  private func array(of tensor: SafetensorsFile.Tensor) -> SafetensorsArray {
    SafetensorsArray(tensor: tensor, integrity: opened[tensor.file])
  }

  /// What a verb would take as the classifier, if the file looks like a model's.
  private func classifier() throws -> [(String, JSONValue)] {
    guard file.tensors.contains(where: { TensorRole($0.name) != .other }) else { return [] }
    do {
      let head = try ModelHead(file)
      return [("classifier", .string("\(head.tensor.name), \(head.words)"))]
    } catch let error as StreamError where !Trial.isOfAccess(error) {
      return [("classifier", .string("none without a name: \(error.diagnosis.found)"))]
    }
  }

  func facts() throws -> [(String, JSONValue)] {
    try classifier() + [
      ("tensors", .object(file.tensors.map { .init($0.name, .string("\($0.typeName) \($0.shape)")) })),
      ("metadata", .object(file.metadata.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })),
    ]
  }
}

/// A tensor, read in place in its file.
struct SafetensorsArray: StoredArray {
  let tensor: SafetensorsFile.Tensor
  let integrity: FileIntegrity?

  var path: String { tensor.name }
  var shape: [Int] { tensor.shape }
  var elementType: ElementType? { tensor.type }
  var typeName: String { tensor.typeName }
  var position: String { "“\(tensor.name)”" }
  var storedBytes: Int { tensor.byteCount }

  func bytes(from row: Int) throws -> any ByteSource {
    let source = try FileBytes(name: tensor.file, integrity: integrity)
    // Cannot overflow: it is less than the tensor's byte count, and the file holds the tensor.
    _ = try source.skip(tensor.offset + row * (rowBytes ?? 0))
    return source
  }
}
