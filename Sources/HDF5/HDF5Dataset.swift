import CHDF5
import Storage
import Support

/// The element types this project stores in HDF5. Files are little-endian on every machine.
package enum HDF5Element: Sendable {
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

/// An array in an HDF5 file, read and written in runs of its first index.
package final class HDF5Dataset {
  package let path: String
  package let shape: [Int]
  let file: HDF5File
  package let handle: HDF5Handle
  /// The error for reading a dataset whose elements are in other files, or too many to have an address; nil for all
  /// others.
  let refusal: StreamError?

  init(file: HDF5File, path: String, handle: HDF5Handle, shape: [Int], refusal: StreamError? = nil) {
    (self.file, self.path, self.handle, self.shape) = (file, path, handle, shape)
    self.refusal = refusal
  }

  convenience init(file: HDF5File, path: String, opened handle: HDF5Handle) throws {
    let failure = { file.failure(path, expected: "an array") }
    let elsewhere = try Self.elsewhere(handle, path, of: file)
    guard !Self.growsWithOthers(handle) else {
      self.init(file: file, path: path, handle: handle, shape: [], refusal: elsewhere)
      return
    }
    let space = try HDF5Handle(H5Dget_space(handle.id), H5Sclose, orThrow: failure)
    let rank = H5Sget_simple_extent_ndims(space.id)
    guard rank >= 0, rank <= 32 else { throw failure() }
    var extents = [hsize_t](repeating: 0, count: Int(rank))
    guard H5Sget_simple_extent_dims(space.id, &extents, nil) >= 0 else { throw failure() }
    let tooLarge = file.failure(path, expected: "an array of addressable size", found: "extents \(extents)")
    // An extent of 0 does not hide the others.
    let sizes = extents.map { max(Int(clamping: $0), 1) }
    guard Self.product(sizes) < .max else { throw tooLarge }
    let type = try HDF5Handle(H5Dget_type(handle.id), H5Tclose, orThrow: failure)
    // Bytes as stored, or as Float64.
    let bytes = Self.product([max(H5Tget_size(type.id), HDF5Element.float64.byteCount)] + sizes)
    self.init(
      file: file, path: path, handle: handle, shape: extents.map { Int(clamping: $0) },
      refusal: elsewhere ?? (bytes < .max ? nil : tooLarge))
  }

  /// Whether the elements are integers, floats, or something else.
  package enum Category: Sendable { case integer, float, other }

  package var category: Category {
    withType { type in
      switch H5Tget_class(type) {
      case H5T_INTEGER: return .integer
      case H5T_FLOAT: return .float
      default: return .other
      }
    }
  }

  /// The element type's name: `float16`, `int32`.
  package var typeName: String {
    if elementType?.kind == .bfloat { return "bfloat16" }
    return withType { type in
      let bits = H5Tget_size(type) * 8
      switch H5Tget_class(type) {
      case H5T_INTEGER: return (H5Tget_sign(type) == H5T_SGN_NONE ? "uint" : "int") + "\(bits)"
      case H5T_FLOAT: return "float\(bits)"
      case H5T_STRING: return "string"
      case H5T_OPAQUE: return "opaque of \(bits / 8) bytes"
      case H5T_COMPOUND: return "compound"
      case H5T_REFERENCE: return "reference"
      case H5T_ENUM: return "enumeration of \(bits / 8) bytes"
      case H5T_VLEN: return "variable-length"
      default: return "other"
      }
    }
  }

  /// Whether the elements are opaque: bytes whose meaning the file does not say.
  package var isOpaque: Bool { withType { H5Tget_class($0) == H5T_OPAQUE } }

  /// The type and length of the elements if they are fixed-length strings.
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

  /// A compression ratio far above that of real data. Deflate reaches it only if all elements are equal.
  private static let greatestCompression = 1_000

  /// Throws if the array's elements are not all in the file, because they were never written or its extents are false.
  /// This bounds the memory allocated for an array by its stored size.
  ///
  /// A contiguous array must be stored in full; a chunked one, which may be compressed, with at least 1/1 000 of its
  /// size.
  package func checkStored() throws {
    if let refusal { throw refusal }
    guard !shape.contains(0) else { return }
    let (stored, width, isChunked) = HDF5Library.locked {
      (Int(clamping: H5Dget_storage_size(handle.id)), elementBytes, chunkExtents != nil)
    }
    let (bytes, overflow) = shape.reduce(1, *).multipliedReportingOverflow(by: width)
    let isWhole = isChunked ? stored > 0 && stored >= bytes / Self.greatestCompression : stored == bytes
    guard !overflow, isWhole, stored <= file.byteCount else {
      throw file.failure(
        path, expected: "stored elements",
        found: "\(stored == 0 ? "none" : "\(stored) bytes") for \(typeName) of shape \(shape)")
    }
  }

  /// The dataset's address, which is the same for every path that leads to it.
  package var address: HDF5Address? { HDF5Library.locked { HDF5Address(handle.id) } }

  /// Calls `body` with the type in which elements are stored.
  func withType<Result>(_ body: (hid_t) -> Result) -> Result {
    HDF5Library.locked {
      let type = H5Dget_type(handle.id)
      defer { H5Tclose(type) }
      return body(type)
    }
  }

  /// Bytes per element as stored.
  package var elementBytes: Int { withType { H5Tget_size($0) } }

  /// Reads rows `rows` of the first index, converting to `type` if stored as another type.
  ///
  /// `buffer` has room for those rows.
  package func read(_ rows: Range<Int>, as type: HDF5Element, into buffer: UnsafeMutableRawPointer) throws {
    try read(rows, native: type.native, byteCount: type.byteCount, into: buffer)
  }

  /// Reads rows as a type of the library with elements of `byteCount` bytes.
  func read(_ rows: Range<Int>, native: hid_t, byteCount: Int, into buffer: UnsafeMutableRawPointer) throws {
    try transfer(rows, byteCount, expected: "readable elements") { memory, selection in
      H5Dread(handle.id, native, memory, selection, 0, buffer)
    }
  }

  /// Writes rows `rows` from `buffer`, which holds elements of `type`.
  package func write(_ rows: Range<Int>, as type: HDF5Element, from buffer: UnsafeRawPointer) throws {
    try write(rows, native: type.native, byteCount: type.byteCount, from: buffer)
  }

  /// Writes rows of a type of the library with elements of `byteCount` bytes.
  func write(_ rows: Range<Int>, native: hid_t, byteCount: Int, from buffer: UnsafeRawPointer) throws {
    try transfer(rows, byteCount, expected: "room for the elements") { memory, selection in
      H5Dwrite(handle.id, native, memory, selection, 0, buffer)
    }
  }

  private func transfer(
    _ rows: Range<Int>, _ byteCount: Int, expected: String, _ body: (hid_t, hid_t) -> herr_t
  ) throws {
    if let refusal { throw refusal }
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

  /// The side-by-side chunks that hold the same rows.
  package struct ChunkBand {
    /// Rows per chunk.
    let rows: Int
    /// Number of chunks.
    let chunks: Int
    /// Decompressed bytes of all of them; `Int.max` on overflow.
    package let bytes: Int
  }

  /// How rows lie in chunks; nil if the array is not chunked.
  package var chunkBand: ChunkBand? {
    HDF5Library.locked { () -> ChunkBand? in
      guard let chunk = chunkExtents else { return nil }
      let chunks = zip(shape, chunk).dropFirst().map { ($0 - 1) / $1 + 1 }
      return ChunkBand(
        rows: chunk[0], chunks: Self.product(chunks), bytes: Self.product([elementBytes] + chunk + chunks))
    }
  }

  /// The extents of a chunk; nil if the array is not chunked or an extent is 0.
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

  /// The product of non-negative numbers, capped at `Int.max`.
  private static func product(_ factors: [Int]) -> Int {
    factors.reduce(1) { product, factor in
      let (next, overflow) = product.multipliedReportingOverflow(by: factor)
      return overflow ? .max : next
    }
  }

  /// All elements of an array. Throws ``StreamError`` before allocating if they are not all stored.
  package func readAll<Number: BitwiseCopyable>(_ type: HDF5Element, of _: Number.Type) throws -> [Number] {
    guard let rows = shape.first else { throw file.failure(path, expected: "an array", found: "a scalar") }
    try checkStored()
    return try readRows(0..<rows, type)
  }

  /// The elements of some rows, which must be stored.
  package func readRows<Number: BitwiseCopyable>(_ rows: Range<Int>, _ type: HDF5Element) throws -> [Number] {
    precondition(MemoryLayout<Number>.size == type.byteCount)
    if let refusal { throw refusal }
    let count = shape.dropFirst().reduce(rows.count, *)
    try MappedMemory.check(count, of: Number.self, for: "\(path) of \(file.name)")
    return try [Number](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let start = buffer.baseAddress, count > 0 { try read(rows, as: type, into: UnsafeMutableRawPointer(start)) }
      initialized = count
    }
  }

  /// Writes all elements of a 1-d array.
  package func writeAll<Number: BitwiseCopyable>(_ numbers: [Number], _ type: HDF5Element) throws {
    try write(numbers, to: 0..<(shape.first ?? 0), type)
  }

  /// Writes the elements of some rows.
  package func write<Number: BitwiseCopyable>(_ numbers: [Number], to rows: Range<Int>, _ type: HDF5Element) throws {
    precondition(
      MemoryLayout<Number>.size == type.byteCount && numbers.count == shape.dropFirst().reduce(rows.count, *))
    try numbers.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      try write(rows, as: type, from: start)
    }
  }
}
