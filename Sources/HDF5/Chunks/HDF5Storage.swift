import CHDF5
import Samples
import Storage

/// How the elements of a dataset are stored.
package enum HDF5Storage: Equatable {
  /// In one piece starting at byte `offset` of the file, as in memory.
  case contiguous(offset: Int)
  /// In chunks that this module decodes itself.
  case chunked(HDF5ChunkLayout)
  /// There are no elements.
  case none
  /// In a way that only the library reads; the text says why.
  case byLibrary(String)
}

/// The chunks of a dataset with up to three indices: [rows × positions × columns] each, with filters.
///
/// Rows are the first index, columns the last, and positions the one between them.
package struct HDF5ChunkLayout: Equatable {
  /// Rows per chunk.
  let rows: Int
  /// Positions per chunk, and per row of the dataset; 1 if there are fewer than three indices.
  let positions: Int
  let allPositions: Int
  /// Columns per chunk, and in the dataset; 1 if it is 1-d.
  let columns: Int
  let allColumns: Int
  let datasetRows: Int
  let elementBytes: Int
  let rank: Int
  let pipeline: HDF5Pipeline

  /// - Parameters:
  ///   - shape: extents of the dataset.
  ///   - extents: extents of a chunk, as many as in `shape`.
  init(shape: [Int], chunk extents: [Int], elementBytes: Int, pipeline: HDF5Pipeline) {
    rank = shape.count
    (rows, datasetRows) = (extents[0], shape[0])
    (positions, allPositions) = rank == 3 ? (extents[1], shape[1]) : (1, 1)
    (columns, allColumns) = rank > 1 ? (extents[rank - 1], shape[rank - 1]) : (1, 1)
    (self.elementBytes, self.pipeline) = (elementBytes, pipeline)
  }

  /// The most indices that a dataset may have.
  static let largestRank = 3

  /// Whether a chunk consists of whole rows.
  var hasWholeRows: Bool { columns == allColumns && positions == allPositions }
  /// Bytes per row of the dataset.
  var rowBytes: Int { allPositions * allColumns * elementBytes }
  /// Decoded bytes per chunk.
  var chunkBytes: Int { rows * positions * columns * elementBytes }
}

extension HDF5Dataset {
  /// The most decoded bytes in side-by-side chunks; above that, the library reads them.
  private static let largestBand = FrameLimits().content

  /// How the elements are stored. Throws ``StreamError`` if they are not in the file, or if a needed filter is not
  /// installed.
  package func storage(fileSize: Int) throws -> HDF5Storage {
    if let refusal { throw refusal }
    guard !shape.isEmpty, !shape.contains(0) else { return .none }
    return try HDF5Library.locked {
      let properties = try HDF5Handle(H5Dget_create_plist(handle.id), H5Pclose) { unreadable("a readable dataset") }
      switch H5Pget_layout(properties.id) {
      case H5D_CONTIGUOUS: return try contiguous(fileSize)
      case H5D_CHUNKED: return try chunked(properties.id)
      default: return .byLibrary("it is stored inside its header")
      }
    }
  }

  private func contiguous(_ fileSize: Int) throws -> HDF5Storage {
    try checkStored()
    let address = H5Dget_offset(handle.id)
    let bytes = shape.reduce(elementBytes, *)
    guard address <= UInt64(fileSize), bytes <= fileSize - Int(address) else {
      throw file.failure(path, expected: "elements within the file", found: "\(bytes) bytes from byte \(address)")
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
      return .byLibrary("its chunks are large: \(band.bytes) bytes in a row of chunks")
    }
    return .chunked(
      HDF5ChunkLayout(shape: shape, chunk: extents, elementBytes: elementBytes, pipeline: filters))
  }

  /// Bytes of the dataset in the file.
  package var storedBytes: Int { HDF5Library.locked { Int(clamping: H5Dget_storage_size(handle.id)) } }

  /// The element type, or nil if it is not supported.
  package var elementType: ElementType? {
    withType { type in
      if Self.isBFloat16(opaque: type) { return ElementType(kind: .bfloat, width: 2) }
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

  /// Whether a type is opaque, of two bytes and without another name: h5py stores bfloat16 of ml_dtypes like that.
  private static func isBFloat16(opaque type: hid_t) -> Bool {
    guard H5Tget_class(type) == H5T_OPAQUE, H5Tget_size(type) == 2 else { return false }
    guard let tag = H5Tget_tag(type) else { return true }
    defer { H5free_memory(tag) }
    let name = String(cString: tag)
    return name.isEmpty || name.contains("bfloat16")
  }

  /// The kind of float that matches the layout of a type, or nil if it is not supported.
  private static func float(_ type: hid_t, _ bytes: Int) -> ElementType.Kind? {
    var (sign, exponent, exponentBits, mantissa, mantissaBits) = (0, 0, 0, 0, 0)
    guard H5Tget_fields(type, &sign, &exponent, &exponentBits, &mantissa, &mantissaBits) >= 0,
      H5Tget_norm(type) == H5T_NORM_IMPLIED, mantissa == 0, exponent == mantissaBits, sign == bytes * 8 - 1,
      exponentBits + mantissaBits == sign
    else { return nil }
    let (kind, bias): (ElementType.Kind, Int)
    switch (bytes, exponentBits) {
    case (2, 5): (kind, bias) = (.float, 15)
    case (4, 8): (kind, bias) = (.float, 127)
    case (8, 11): (kind, bias) = (.float, 1023)
    case (2, 8): (kind, bias) = (.bfloat, 127)
    default: return nil
    }
    return H5Tget_ebias(type) == bias ? kind : nil
  }
}
