import HDF5
import Samples
import Storage

/// A dataset whose elements are read in the way that is fastest for how it is stored.
final class HDF5Array: StoredArray {
  let path: String
  let shape: [Int]
  let elementType: ElementType?
  let typeName: String
  let storedBytes: Int
  let hasRowsOfFloats: Bool

  private let file: HDF5File
  private let bytes: FileBytes
  private let decoders: ChunkDecoders
  private let pool: BufferPool
  private lazy var layout = Result { try file.dataset(path).storage(fileSize: bytes.size ?? 0) }

  /// - Parameter bytes: the file, for what can be read without the library.
  init(_ file: HDF5File, _ path: String, bytes: FileBytes, decoders: ChunkDecoders, pool: BufferPool) throws {
    let dataset = try file.dataset(path)
    (self.path, shape, elementType, typeName) = (path, dataset.shape, dataset.elementType, dataset.typeName)
    (storedBytes, hasRowsOfFloats) = (dataset.storedBytes, dataset.category == .float)
    (self.file, self.bytes, self.decoders, self.pool) = (file, bytes, decoders, pool)
  }

  var position: String { "“\(path)”" }

  /// How its elements lie in the file. Throws ``StreamError`` where they are not in it, or nobody here can decode them.
  func storage() throws -> HDF5Storage { try layout.get() }

  func bytes(from row: Int) throws -> any ByteSource {
    switch try storage() {
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

  /// As the library converts them, of whatever type, and from wherever a link leads.
  func rows() throws -> any RowSource { try HDF5Rows(file: file, path: path) }
}

extension HDF5Rows: RowSource {}
