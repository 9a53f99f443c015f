import CHDF5
import CZstd
import CollapseKernels
import Storage

/// The filters applied to the chunks of a dataset, in order of application.
struct HDF5Pipeline: Equatable {
  enum Filter: Equatable {
    case deflate
    /// Groups the first bytes of all elements, then the second bytes, and so on.
    case shuffle(width: Int)
    /// Appends a checksum.
    case fletcher32
    case lzf
    case zstd
  }

  /// Why a chunk cannot be decoded.
  struct Fault: Error, Equatable {
    let expected: String
    let found: String
  }

  let filters: [Filter]

  /// Filters registered with The HDF Group.
  private static let (lzf, zstd): (H5Z_filter_t, H5Z_filter_t) = (32_000, 32_015)

  /// The filters in a dataset's properties. Call with the library locked.
  ///
  /// - Parameter failure: the error to throw if the filters cannot be read.
  static func of(
    _ properties: hid_t, orThrow failure: (_ found: String) -> StreamError
  ) throws -> (known: HDF5Pipeline, unknown: String?) {
    let count = H5Pget_nfilters(properties)
    guard count >= 0 else { throw failure(HDF5Library.lastError) }
    var filters: [Filter] = []
    var unknown: String?
    for number in 0..<UInt32(count) {
      var (flags, config, valueCount) = (UInt32(0), UInt32(0), 8)
      var values = [UInt32](repeating: 0, count: valueCount)
      var name = [CChar](repeating: 0, count: 64)
      let filter = H5Pget_filter2(
        properties, number, &flags, &valueCount, &values, name.count - 1, &name, &config)
      switch filter {
      case H5Z_filter_t(H5Z_FILTER_DEFLATE): filters.append(.deflate)
      case H5Z_filter_t(H5Z_FILTER_SHUFFLE): filters.append(.shuffle(width: max(Int(values[0]), 1)))
      case H5Z_filter_t(H5Z_FILTER_FLETCHER32): filters.append(.fletcher32)
      case lzf: filters.append(.lzf)
      case zstd: filters.append(.zstd)
      default:
        let label = name.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        guard filter >= 0 else { throw failure(HDF5Library.lastError) }
        guard H5Zfilter_avail(filter) > 0 else {
          throw failure(
            "filter \(filter) (\(label)), which is not installed; h5repack -f SHUF -f GZIP=1 makes it readable")
        }
        unknown = unknown ?? "its chunks went through filter \(filter) (\(label))"
      }
    }
    return (HDF5Pipeline(filters: filters), unknown)
  }

  /// Bytes of memory for an intermediate step when decoding a chunk of `chunkBytes`.
  ///
  /// A filter can enlarge data that does not compress: LZF by 1/32, the others by less.
  func scratchBytes(_ chunkBytes: Int) -> Int {
    let most = filters.dropLast().reduce(chunkBytes) { bytes, _ in bytes + bytes / 32 + 64 }
    return (most + 63) / 64 * 64
  }

  /// Decodes a chunk into `target`, which has the chunk's decoded size.
  ///
  /// - Parameters:
  ///   - mask: bit i is set if filter i was skipped.
  ///   - scratch: memory of twice ``scratchBytes(_:)``.
  func decode(
    _ raw: UnsafeRawBufferPointer, mask: UInt32, into target: UnsafeMutableRawBufferPointer,
    scratch: UnsafeMutableRawBufferPointer
  ) throws(Fault) {
    let half = scratchBytes(target.count)
    let halves = [
      UnsafeMutableRawBufferPointer(rebasing: scratch[..<half]),
      UnsafeMutableRawBufferPointer(rebasing: scratch[half..<2 * half]),
    ]
    var bytes = raw
    var step = 0
    for (number, filter) in filters.enumerated().reversed() where number >= 32 || mask & (1 << UInt32(number)) == 0 {
      if filter == .fletcher32 {
        bytes = try Self.checked(bytes)
        continue
      }
      let isLast = !filters[..<number].indices.contains { mask & (1 << UInt32($0)) == 0 && filters[$0] != .fletcher32 }
      let room = isLast && !filters[..<number].contains(.fletcher32) ? target : halves[step % 2]
      let count = try Self.undo(filter, bytes, into: room)
      bytes = UnsafeRawBufferPointer(rebasing: room[..<count])
      step += 1
    }
    guard bytes.count == target.count else {
      throw Fault(expected: "\(target.count) bytes after decoding", found: "\(bytes.count)")
    }
    if bytes.baseAddress != UnsafeRawPointer(target.baseAddress) { target.copyMemory(from: bytes) }
  }

  /// Verifies the checksum at the end of `bytes` and returns the bytes before it.
  private static func checked(_ bytes: UnsafeRawBufferPointer) throws(Fault) -> UnsafeRawBufferPointer {
    guard bytes.count >= 4 else { throw Fault(expected: "a Fletcher-32 checksum", found: "\(bytes.count) bytes") }
    let content = UnsafeRawBufferPointer(rebasing: bytes.dropLast(4))
    let stored = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: content.count, as: UInt32.self))
    let sum = Fletcher32.sum(content)
    guard stored == sum else {
      throw Fault(
        expected: "bytes with the Fletcher-32 checksum \(String(stored, radix: 16))",
        found: "checksum \(String(sum, radix: 16))")
    }
    return content
  }

  /// Undoes one filter and returns the size of the output.
  private static func undo(
    _ filter: Filter, _ bytes: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
  ) throws(Fault) -> Int {
    switch filter {
    case .fletcher32: return 0
    case .shuffle(let width):
      guard bytes.count <= room.count, let from = bytes.baseAddress, let to = room.baseAddress else {
        throw Fault(expected: "at most \(room.count) bytes to unshuffle", found: "\(bytes.count)")
      }
      collapse_unshuffle(from, bytes.count, width, to)
      return bytes.count
    case .lzf:
      guard let count = LZF.decode(bytes, into: room) else {
        throw Fault(expected: "LZF of at most \(room.count) bytes", found: "damage")
      }
      return count
    case .zstd:
      let count = ZSTD_decompress(room.baseAddress, room.count, bytes.baseAddress, bytes.count)
      guard ZSTD_isError(count) == 0 else {
        throw Fault(
          expected: "Zstandard of at most \(room.count) bytes", found: String(cString: ZSTD_getErrorName(count)))
      }
      return count
    case .deflate: return try Inflate.decode(bytes, into: room)
    }
  }
}
