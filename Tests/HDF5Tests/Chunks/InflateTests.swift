import CDeflate
import Foundation
import Testing

@testable import HDF5

@Suite struct InflateTests {
  static let text = Data((0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* $0 / 7) })

  /// A zlib stream, made by the library's compressor.
  static func deflated(_ data: Data, level: Int32 = 6) throws -> [UInt8] {
    let compressor = try #require(libdeflate_alloc_compressor(level))
    defer { libdeflate_free_compressor(compressor) }
    var bytes = [UInt8](repeating: 0, count: libdeflate_zlib_compress_bound(compressor, data.count))
    let count = data.withUnsafeBytes {
      libdeflate_zlib_compress(compressor, $0.baseAddress, $0.count, &bytes, bytes.count)
    }
    return Array(bytes.prefix(count))
  }

  func decode(_ bytes: [UInt8], room: Int) throws(HDF5Pipeline.Fault) -> [UInt8] {
    let target = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 16)
    defer { target.deallocate() }
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(HDF5Pipeline.Fault) in try Inflate.decode(bytes, into: target) }
    }
    return Array(target.prefix(try result.get()))
  }

  @Test("A stream gives its bytes, whether the buffer fits exactly or is larger", arguments: [0, 1, 777])
  func roundTrip(spare: Int) throws {
    for level in [Int32(1), 6, 12] {
      let bytes = try Self.deflated(Self.text, level: level)
      #expect(try decode(bytes, room: Self.text.count + spare) == Array(Self.text))
    }
  }

  @Test("A stream larger than its buffer is reported so")
  func tooMuch() throws {
    let bytes = try Self.deflated(Self.text)
    let room = Self.text.count - 1
    let fault = HDF5Pipeline.Fault(expected: "deflate of at most \(room) bytes", found: "more, or damage")
    #expect(throws: fault) { try decode(bytes, room: room) }
  }

  @Test("A truncated stream, or one with a wrong checksum, is refused")
  func damage() throws {
    let bytes = try Self.deflated(Self.text)
    var changed = bytes
    changed[bytes.count - 1] ^= 1
    for broken in [Array(bytes.dropLast()), Array(bytes.prefix(bytes.count / 2)), [], changed] {
      #expect(throws: HDF5Pipeline.Fault.self) { try decode(broken, room: Self.text.count) }
    }
  }
}
