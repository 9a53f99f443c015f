import CHDF5
import Storage

/// The element types this project stores in HDF5; files are little-endian on every machine.
public enum HDF5Element: Sendable {
  case int32, int64, float64

  var stored: hid_t {
    switch self {
    case .int32: collapse_h5t_std_i32le()
    case .int64: collapse_h5t_std_i64le()
    case .float64: collapse_h5t_ieee_f64le()
    }
  }

  var native: hid_t {
    switch self {
    case .int32: collapse_h5t_native_int32()
    case .int64: collapse_h5t_native_int64()
    case .float64: collapse_h5t_native_double()
    }
  }

  var byteCount: Int { self == .int32 ? 4 : 8 }
}

/// An array in an HDF5 file, read and written by runs of its first index.
public final class HDF5Dataset {
  public let path: String
  public let shape: [Int]
  let file: HDF5File
  package let handle: HDF5Handle

  init(file: HDF5File, path: String, handle: HDF5Handle, shape: [Int]) {
    (self.file, self.path, self.handle, self.shape) = (file, path, handle, shape)
  }

  convenience init(file: HDF5File, path: String, opened handle: HDF5Handle) throws {
    let failure = { file.failure(path, expected: "an array") }
    let space = try HDF5Handle(H5Dget_space(handle.id), H5Sclose, orThrow: failure)
    let rank = H5Sget_simple_extent_ndims(space.id)
    guard rank >= 0, rank <= 32 else { throw failure() }
    var extents = [hsize_t](repeating: 0, count: Int(rank))
    guard H5Sget_simple_extent_dims(space.id, &extents, nil) >= 0 else { throw failure() }
    var bytes = 1
    for extent in extents {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: Int(clamping: extent))
      guard !overflow else {
        throw file.failure(path, expected: "an array that can be addressed", found: "extents \(extents)")
      }
      bytes = product
    }
    self.init(file: file, path: path, handle: handle, shape: extents.map { Int(clamping: $0) })
  }

  /// Whether the elements are integers, floats, or something else.
  public enum Category: Sendable { case integer, float, other }

  public var category: Category {
    HDF5Library.locked {
      let type = H5Dget_type(handle.id)
      defer { H5Tclose(type) }
      switch H5Tget_class(type) {
      case H5T_INTEGER: return .integer
      case H5T_FLOAT: return .float
      default: return .other
      }
    }
  }

  /// The element type in words: `float16`, `int32`.
  public var typeName: String {
    HDF5Library.locked {
      let type = H5Dget_type(handle.id)
      defer { H5Tclose(type) }
      let bits = H5Tget_size(type) * 8
      switch H5Tget_class(type) {
      case H5T_INTEGER: return (H5Tget_sign(type) == H5T_SGN_NONE ? "uint" : "int") + "\(bits)"
      case H5T_FLOAT: return "float\(bits)"
      case H5T_STRING: return "string"
      default: return "other"
      }
    }
  }

  /// The type of its elements where they are strings of one length, and that length.
  var textType: (type: HDF5Handle, length: Int)? {
    HDF5Library.locked {
      guard let type = try? HDF5Handle(H5Dget_type(handle.id), H5Tclose, orThrow: { unreadable("elements of a type") }),
        H5Tget_class(type.id) == H5T_STRING, H5Tis_variable_str(type.id) == 0
      else { return nil }
      return (type, H5Tget_size(type.id))
    }
  }

  func unreadable(_ expected: String) -> StreamError {
    file.failure(path, expected: expected, found: "\(typeName) of shape \(shape)")
  }

  /// Compression that numbers worth measuring stay far below; deflate gets as far as this where all of them are equal.
  private static let greatestCompression = 1_000

  /// Refuses an array whose elements are not in the file, as in one that was never written or claims extents that were
  /// not: what is allocated for an array is bounded by what is stored of it.
  ///
  /// In one piece it is stored as it is; in chunks, which may be compressed, as 1/1 000 of it at least.
  public func checkStored() throws {
    guard !shape.contains(0) else { return }
    let (stored, width, isChunked) = HDF5Library.locked {
      (Int(clamping: H5Dget_storage_size(handle.id)), elementBytes, layout == H5D_CHUNKED)
    }
    let (bytes, overflow) = shape.reduce(1, *).multipliedReportingOverflow(by: width)
    let isWhole = isChunked ? stored > 0 && stored >= bytes / Self.greatestCompression : stored == bytes
    guard !overflow, isWhole, stored <= file.byteCount else {
      throw file.failure(
        path, expected: "stored elements",
        found: "\(stored == 0 ? "none" : "\(stored) bytes") for \(typeName) of shape \(shape)")
    }
  }

  /// The same for every path that leads to this dataset.
  package var address: HDF5Address? { HDF5Library.locked { HDF5Address(handle.id) } }

  /// Bytes of an element as stored.
  var elementBytes: Int {
    HDF5Library.locked {
      let type = H5Dget_type(handle.id)
      defer { H5Tclose(type) }
      return H5Tget_size(type)
    }
  }

  private var layout: H5D_layout_t {
    let properties = H5Dget_create_plist(handle.id)
    defer { H5Pclose(properties) }
    return H5Pget_layout(properties)
  }

  /// Reads rows `rows` (of the first index) as `type`, converted where it is stored as another one.
  ///
  /// `buffer` has room for that many rows.
  public func read(_ rows: Range<Int>, as type: HDF5Element, into buffer: UnsafeMutableRawPointer) throws {
    try read(rows, native: type.native, byteCount: type.byteCount, into: buffer)
  }

  /// The same of elements of one of the library's types, of so many bytes.
  func read(_ rows: Range<Int>, native: hid_t, byteCount: Int, into buffer: UnsafeMutableRawPointer) throws {
    try transfer(rows, byteCount, expected: "readable elements") { memory, selection in
      H5Dread(handle.id, native, memory, selection, 0, buffer)
    }
  }

  /// Writes rows `rows` from `buffer`, which holds elements of `type`.
  public func write(_ rows: Range<Int>, as type: HDF5Element, from buffer: UnsafeRawPointer) throws {
    try write(rows, native: type.native, byteCount: type.byteCount, from: buffer)
  }

  /// The same of elements of one of the library's types, of so many bytes.
  func write(_ rows: Range<Int>, native: hid_t, byteCount: Int, from buffer: UnsafeRawPointer) throws {
    try transfer(rows, byteCount, expected: "room for the elements") { memory, selection in
      H5Dwrite(handle.id, native, memory, selection, 0, buffer)
    }
  }

  private func transfer(
    _ rows: Range<Int>, _ byteCount: Int, expected: String, _ body: (hid_t, hid_t) -> herr_t
  ) throws {
    guard !rows.isEmpty, !shape.contains(0) else { return }
    try IORate.ofProcess.take(shape.dropFirst().reduce(rows.count * byteCount, *))
    try HDF5Library.locked {
      let failure = { self.file.failure(self.path, expected: expected) }
      let selection = try HDF5Handle(H5Dget_space(handle.id), H5Sclose, orThrow: failure)
      let start = [hsize_t(rows.lowerBound)] + shape.dropFirst().map { _ in 0 }
      let count = [hsize_t(rows.count)] + shape.dropFirst().map { hsize_t($0) }
      guard H5Sselect_hyperslab(selection.id, H5S_SELECT_SET, start, nil, count, nil) >= 0 else { throw failure() }
      let memory = try HDF5Handle(H5Screate_simple(CInt(count.count), count, nil), H5Sclose, orThrow: failure)
      guard body(memory.id, selection.id) >= 0 else { throw failure() }
    }
  }

  /// The chunks beside each other that hold a row.
  package struct ChunkBand {
    /// Rows of each.
    let rows: Int
    /// How many there are.
    let chunks: Int
    /// Bytes of them all, decompressed; `Int.max` where that is too many to count.
    package let bytes: Int
  }

  /// How rows lie in chunks, where the array is stored in chunks.
  package var chunkBand: ChunkBand? {
    HDF5Library.locked { () -> ChunkBand? in
      guard let chunk = chunkExtents else { return nil }
      let chunks = zip(shape, chunk).dropFirst().map { ($0 - 1) / $1 + 1 }
      return ChunkBand(
        rows: chunk[0], chunks: Self.product(chunks), bytes: Self.product([elementBytes] + chunk + chunks))
    }
  }

  /// Extents of a chunk, where the array is stored in chunks of extents.
  var chunkExtents: [Int]? {
    HDF5Library.locked { () -> [Int]? in
      let properties = H5Dget_create_plist(handle.id)
      defer { H5Pclose(properties) }
      let rank = CInt(shape.count)
      var extents = [hsize_t](repeating: 1, count: max(shape.count, 1))
      guard rank > 0, H5Pget_layout(properties) == H5D_CHUNKED, H5Pget_chunk(properties, rank, &extents) == rank,
        !extents.contains(0)
      else { return nil }
      return extents.map { Int(clamping: $0) }
    }
  }

  /// The product of numbers that are not negative, `Int.max` at most.
  private static func product(_ factors: [Int]) -> Int {
    factors.reduce(1) { product, factor in
      let (next, overflow) = product.multipliedReportingOverflow(by: factor)
      return overflow ? .max : next
    }
  }

  /// All elements of an array. Throws ``StreamError`` where they are not all stored, before room for them is made.
  public func readAll<Number: BitwiseCopyable>(_ type: HDF5Element, of _: Number.Type) throws -> [Number] {
    precondition(MemoryLayout<Number>.size == type.byteCount)
    guard let rows = shape.first else { throw file.failure(path, expected: "an array", found: "a scalar") }
    try checkStored()
    let count = shape.reduce(1, *)
    return try [Number](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let start = buffer.baseAddress, count > 0 {
        try read(0..<rows, as: type, into: UnsafeMutableRawPointer(start))
      }
      initialized = count
    }
  }

  /// Writes all elements of a 1-d array.
  public func writeAll<Number: BitwiseCopyable>(_ numbers: [Number], _ type: HDF5Element) throws {
    precondition(MemoryLayout<Number>.size == type.byteCount && numbers.count == shape.reduce(1, *))
    try numbers.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      try write(0..<(shape.first ?? 0), as: type, from: start)
    }
  }
}
