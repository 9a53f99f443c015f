import TestSupport
import Testing

@testable import Samples

@Suite("Element types")
struct ElementTypeTests {
  /// The ids of the integers in `array`, through all steps: descriptor, byte order, conversion.
  private func ids<Number: FixedWidthInteger & BitwiseCopyable>(
    _ numbers: [Number], _ descriptor: String, bound: Int = Int(Int32.max)
  ) throws -> (ids: [Int32], bad: (index: Int, value: String)?) {
    let type = try #require(ElementType(numpy: descriptor))
    var bytes = NPY.bytes(of: descriptor.hasPrefix(">") ? numbers.map(\.bigEndian) : numbers.map(\.littleEndian))
    bytes.withUnsafeMutableBytes { type.makeNative($0) }
    var ids = [Int32](repeating: -1, count: numbers.count)
    let bad = bytes.withUnsafeBytes { bytes in
      ids.withUnsafeMutableBufferPointer { type.tokenIDs(bytes, bound: bound, into: $0) }
    }
    return (ids, bad)
  }

  private func expectIDs<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type, _ descriptor: String) throws {
    let numbers: [Number] = [0, 1, 2, Number(truncatingIfNeeded: 100), Number(clamping: Int32.max - 1)]
    let (ids, bad) = try ids(numbers, descriptor)
    #expect(bad == nil, "\(descriptor)")
    #expect(ids == numbers.map { Int32($0) }, "\(descriptor)")
    if Number.isSigned {
      let negative = try self.ids([0, -1, -2] as [Number], descriptor).bad
      #expect(negative?.index == 1 && negative?.value == "-1", "\(descriptor)")
    }
    let large = try self.ids([3, Number(clamping: Int64.max)], descriptor, bound: 100).bad
    #expect(large?.index == 1 && large?.value == "\(Number(clamping: Int64.max))", "\(descriptor)")
    #expect(try self.ids([99] as [Number], descriptor, bound: 100).bad == nil, "\(descriptor)")
    #expect(try self.ids([100] as [Number], descriptor, bound: 100).bad?.index == 0, "\(descriptor)")
  }

  @Test("Every integer type becomes token ids, in both byte orders")
  func integers() throws {
    for order in ["<", ">", "|", "="] {
      try expectIDs(Int8.self, order + "i1")
      try expectIDs(UInt8.self, order + "u1")
      guard order != "|" else { continue }
      try expectIDs(Int16.self, order + "i2")
      try expectIDs(UInt16.self, order + "u2")
      try expectIDs(Int32.self, order + "i4")
      try expectIDs(UInt32.self, order + "u4")
      try expectIDs(Int64.self, order + "i8")
      try expectIDs(UInt64.self, order + "u8")
    }
  }

  @Test("Ids of 2^31 − 1 and more are refused with their value")
  func tooLarge() throws {
    #expect(try ids([Int32.max], "<i4").bad?.value == "2147483647")
    #expect(try ids([UInt32(1) << 31], "<u4").bad?.value == "2147483648")
    #expect(try ids([Int64(1) << 32], "<i8").bad?.value == "4294967296")
    #expect(try ids([UInt64.max], "<u8").bad?.value == "18446744073709551615")
    #expect(try ids([Int64.min], ">i8").bad?.value == "-9223372036854775808")
  }

  @Test("Float types give their storage type; integers have none")
  func floats() {
    #expect(ElementType(numpy: "<f2")?.scalar == .float16)
    #expect(ElementType(numpy: "<f4")?.scalar == .float32)
    #expect(ElementType(numpy: ">f8")?.scalar == .float64)
    #expect(ElementType(numpy: "<i4")?.scalar == nil)
    #expect(ElementType(numpy: "<u2")?.isInteger == true && ElementType(numpy: "<f2")?.isInteger == false)
  }

  @Test(
    "bfloat16 is saved by ml_dtypes as V2 in any byte order, or by its name",
    arguments: ["<V2", "|V2", "V2", "bfloat16"])
  func bfloat16(descriptor: String) {
    let type = ElementType(numpy: descriptor)
    #expect(type?.scalar == .bfloat16 && type?.width == 2 && type?.isBigEndian == false)
  }

  @Test("Types have the names people know")
  func names() {
    let names = ["<f2", ">f4", "|u1", "<i8", ">u2", "<V2"].map { ElementType(numpy: $0)?.name }
    #expect(names == ["float16", "float32 (big-endian)", "uint8", "int64", "uint16 (big-endian)", "bfloat16"])
  }

  @Test(
    "Other descriptors are not types",
    arguments: [
      "", "<", "f", "<f1", "<f16", "<i3", "i", "<c8", "|b1", "|O", "<U1", "|S1", "V1", "V4", "<<f2", "f2 ", "F2",
    ])
  func unknown(descriptor: String) {
    #expect(ElementType(numpy: descriptor) == nil)
  }

  @Test("Byte order is converted to the machine's, once and only if it differs", arguments: [2, 4, 8])
  func native(width: Int) {
    let bytes = (0..<UInt8(width * 5)).map { $0 }
    for isBigEndian in [false, true] {
      var swapped = bytes
      let type = ElementType(kind: .float, width: width, isBigEndian: isBigEndian)
      swapped.withUnsafeMutableBytes { type.makeNative($0) }
      let reversed = (0..<5).flatMap { bytes[$0 * width..<($0 + 1) * width].reversed() }
      #expect(swapped == (isBigEndian ? reversed : bytes))
    }
  }

  @Test("Zero elements give no ids")
  func none() throws {
    let (ids, bad) = try ids([] as [Int32], "<i4")
    #expect(ids.isEmpty && bad == nil)
  }
}
