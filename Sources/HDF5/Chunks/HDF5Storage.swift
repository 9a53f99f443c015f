import CHDF5
import Samples
import Storage

/// How the elements of a dataset lie in its file.
package enum HDF5Storage: Equatable {
  /// In one piece, from that byte of the file on, as they are in memory.
  case contiguous(offset: Int)
  /// In chunks that this project decodes itself.
  case chunked(HDF5ChunkLayout)
  /// It has none.
  case none
  /// In a way that is left to the library, and why.
  case byLibrary(String)
}

/// Chunks of a dataset of up to three indices: so many rows by so many positions by so many columns each, through filters.
///
/// A row is what the first index counts, columns are counted by the last, and positions by one between them.
package struct HDF5ChunkLayout: Equatable {
  /// Of a chunk.
  let rows: Int
  /// Positions of a chunk, and of a row of the dataset; 1 where it has fewer than three indices.
  let positions: Int
  let allPositions: Int
  /// Columns of a chunk, and of the dataset; 1 of a 1-d one.
  let columns: Int
  let allColumns: Int
  let datasetRows: Int
  let elementBytes: Int
  let rank: Int
  let pipeline: HDF5Pipeline

  /// - Parameters:
  ///   - extents: of a chunk, as many as `shape`, which is that of the dataset.
  init(shape: [Int], chunk extents: [Int], elementBytes: Int, pipeline: HDF5Pipeline) {
    rank = shape.count
    (rows, datasetRows) = (extents[0], shape[0])
    (positions, allPositions) = rank == 3 ? (extents[1], shape[1]) : (1, 1)
    (columns, allColumns) = rank > 1 ? (extents[rank - 1], shape[rank - 1]) : (1, 1)
    (self.elementBytes, self.pipeline) = (elementBytes, pipeline)
  }

  /// The most indices that a dataset may have.
  static let largestRank = 3

  /// Whether a chunk holds whole rows, and nothing else.
  var hasWholeRows: Bool { columns == allColumns && positions == allPositions }
  /// Bytes of a row of the dataset.
  var rowBytes: Int { allPositions * allColumns * elementBytes }
  /// Bytes of a chunk, decoded.
  var chunkBytes: Int { rows * positions * columns * elementBytes }
}

extension HDF5Dataset {
  /// Decoded bytes of the chunks beside each other, beyond which the library reads them.
  private static let largestBand = FrameLimits().content

  /// Throws ``StreamError`` where elements are not in the file, or filters are needed that nobody here has.
  package func storage(fileSize: Int) throws -> HDF5Storage {
    guard !shape.isEmpty, !shape.contains(0) else { return .none }
    return try HDF5Library.locked {
      try checkInFile()
      let properties = try HDF5Handle(H5Dget_create_plist(handle.id), H5Pclose) { unreadable("a readable dataset") }
      switch H5Pget_layout(properties.id) {
      case H5D_CONTIGUOUS where H5Pget_external_count(properties.id) == 0:
        return try contiguous(fileSize)
      case H5D_CHUNKED:
        return try chunked(properties.id)
      case H5D_COMPACT:
        return .byLibrary("it is stored within its header")
      default:
        throw file.failure(
          path, expected: "elements in the file itself", found: "a dataset that is put together from other files")
      }
    }
  }

  /// Another file, to which a link leads, is neither the one whose bytes are read nor one that is seen to stay the same.
  private func checkInFile() throws {
    guard let own = HDF5Address(file.handle.id)?.file, let address, own != address.file else { return }
    let length = H5Fget_name(handle.id, nil, 0)
    var name = [CChar](repeating: 0, count: max(length, 0) + 1)
    H5Fget_name(handle.id, &name, name.count)
    let other = name.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    throw StreamError(
      .corrupt, file: file.name, position: path, expected: "elements in the file itself",
      found: "a link to a dataset of another file, \(other)", advice: "name that file in place of this one")
  }

  private func contiguous(_ fileSize: Int) throws -> HDF5Storage {
    try checkStored()
    let address = H5Dget_offset(handle.id)
    let bytes = shape.reduce(elementBytes, *)
    guard address <= UInt64(fileSize), bytes <= fileSize - Int(address) else {
      throw file.failure(path, expected: "elements within the file", found: "\(bytes) bytes from byte \(address) on")
    }
    return .contiguous(offset: Int(address))
  }

  private func chunked(_ properties: hid_t) throws -> HDF5Storage {
    let (filters, unknown) = try HDF5Pipeline.of(properties) {
      file.failure(path, expected: "readable filters", found: $0)
    }
    if let unknown { return .byLibrary(unknown) }
    var options: UInt32 = 0
    guard H5Pget_chunk_opts(properties, &options) >= 0, options == 0 else {
      return .byLibrary("its last chunks are stored without filters")
    }
    guard let band = chunkBand, let extents = chunkExtents, shape.count <= HDF5ChunkLayout.largestRank else {
      return .byLibrary("it has \(shape.count) dimensions")
    }
    guard band.bytes <= Self.largestBand else {
      return .byLibrary("its chunks are large, \(band.bytes) bytes a row of them")
    }
    return .chunked(
      HDF5ChunkLayout(shape: shape, chunk: extents, elementBytes: elementBytes, pipeline: filters))
  }

  /// Bytes that the file holds of it.
  package var storedBytes: Int { HDF5Library.locked { Int(clamping: H5Dget_storage_size(handle.id)) } }

  /// The element type, where it is one of the project's.
  package var elementType: ElementType? {
    withType { type in
      let (bytes, order) = (H5Tget_size(type), H5Tget_order(type))
      let isBigEndian = order == H5T_ORDER_BE
      guard bytes == 1 || isBigEndian || order == H5T_ORDER_LE else { return nil }
      switch H5Tget_class(type) {
      case H5T_INTEGER:
        guard [1, 2, 4, 8].contains(bytes), H5Tget_precision(type) == bytes * 8, H5Tget_offset(type) == 0 else {
          return nil
        }
        let isUnsigned = H5Tget_sign(type) == H5T_SGN_NONE
        return ElementType(kind: isUnsigned ? .unsigned : .signed, width: bytes, isBigEndian: isBigEndian)
      case H5T_FLOAT:
        return Self.float(type, bytes).map { ElementType(kind: $0, width: bytes, isBigEndian: isBigEndian) }
      default: return nil
      }
    }
  }

  /// Which float of the project's a type is, by where its parts are.
  private static func float(_ type: hid_t, _ bytes: Int) -> ElementType.Kind? {
    var (sign, exponent, exponentBits, mantissa, mantissaBits) = (0, 0, 0, 0, 0)
    guard H5Tget_fields(type, &sign, &exponent, &exponentBits, &mantissa, &mantissaBits) >= 0,
      H5Tget_norm(type) == H5T_NORM_IMPLIED, mantissa == 0, exponent == mantissaBits, sign == bytes * 8 - 1,
      exponentBits + mantissaBits == sign, H5Tget_ebias(type) == (1 << (exponentBits - 1)) - 1
    else { return nil }
    switch (bytes, exponentBits) {
    case (2, 5), (4, 8), (8, 11): return .float
    case (2, 8): return .bfloat
    default: return nil
    }
  }
}
