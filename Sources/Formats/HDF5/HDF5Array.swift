import HDF5
import Samples
import Storage

/// A dataset, read in the way that is fastest for its storage.
final class HDF5Array: StoredArray {
  let path: String
  let shape: [Int]
  let elementType: ElementType?
  let typeName: String
  let storedBytes: Int
  /// Whether the library converts the elements to floats.
  private let isConvertible: Bool

  private let file: HDF5File
  private let bytes: FileBytes
  private let decoders: ChunkDecoders
  private let pool: BufferPool
  private lazy var layout = Result { try file.dataset(path).storage(fileSize: bytes.size ?? 0) }

  /// - Parameter bytes: the file, for reading without the library.
  init(_ file: HDF5File, _ path: String, bytes: FileBytes, decoders: ChunkDecoders, pool: BufferPool) throws {
    let dataset = try file.dataset(path)
    (self.path, shape, elementType, typeName) = (path, dataset.shape, dataset.elementType, dataset.typeName)
    (storedBytes, isConvertible) = (dataset.storedBytes, dataset.category == .float)
    (self.file, self.bytes, self.decoders, self.pool) = (file, bytes, decoders, pool)
  }

  var position: String { "“\(path)”" }

  /// How its elements are stored. Throws ``StreamError`` if they are not in the file, or cannot be decoded here.
  func storage() throws -> HDF5Storage { try layout.get() }

  func bytes(from row: Int) throws -> any ByteSource {
    switch try storage() {
    case .contiguous(let offset):
      let source = try FileBytes(name: bytes.name, integrity: bytes.integrity)
      // Cannot overflow: it is less than the dataset's byte count, and the file holds the dataset.
      _ = try source.skip(offset + row * (rowBytes ?? 0))
      return source
    case .chunked(let layout):
      return HDF5ChunkBytes(
        try file.dataset(path), layout, rowBytes: rowBytes ?? 0, from: row, decoders: decoders, pool: pool)
    case .byLibrary, .none:
      return try HDF5SlabBytes(file, path, rowBytes: rowBytes ?? 0, from: row)
    }
  }

  var holdsFloats: Bool { isConvertible || elementType?.scalar != nil }

  /// Rows as the library converts them, from any type of float; opaque ones are converted here.
  func rows() throws -> any RowSource {
    isConvertible
      ? try HDF5Rows(file: file, path: path) : try RowsInOrder(self, columns: shape.dropFirst().reduce(1, &*))
  }
}

extension HDF5Rows: RowSource {}
