import HDF5
import Samples
import Storage

/// A dataset whose elements are read in the way that is fastest for how it is stored.
struct HDF5Array: StoredArray {
  let path: String
  let shape: [Int]
  let elementType: ElementType?
  let typeName: String
  let storage: HDF5Storage
  let storedBytes: Int

  private let file: HDF5File
  private let bytes: FileBytes
  private let decoders: ChunkDecoders
  private let pool: BufferPool

  /// - Parameter bytes: the file, for what can be read without the library.
  init(_ file: HDF5File, _ path: String, bytes: FileBytes, decoders: ChunkDecoders, pool: BufferPool) throws {
    let dataset = try file.dataset(path)
    (self.path, shape, elementType, typeName) = (path, dataset.shape, dataset.elementType, dataset.typeName)
    storage = try dataset.storage(fileSize: bytes.size ?? 0)
    storedBytes = dataset.storedBytes
    (self.file, self.bytes, self.decoders, self.pool) = (file, bytes, decoders, pool)
  }

  var position: String { "“\(path)”" }
  var summary: String { "\(elementType?.name ?? typeName) of shape \(Self.text(of: shape))" }

  func bytes(from row: Int) throws -> any ByteSource {
    switch storage {
    case .contiguous(let offset):
      let source = try FileBytes(name: bytes.name, integrity: bytes.integrity)
      // Less than the dataset's bytes, which are in the file.
      _ = try source.skip(offset + row * (rowBytes ?? 0))
      return source
    case .chunked(let layout):
      return HDF5ChunkBytes(
        try file.dataset(path), layout, rowBytes: rowBytes ?? 0, from: row, decoders: decoders, pool: pool)
    case .byLibrary, .none:
      return try HDF5SlabBytes(file, path, rowBytes: rowBytes ?? 0, from: row)
    }
  }
}
