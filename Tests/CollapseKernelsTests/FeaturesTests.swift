import CollapseKernels
import TestSupport
import Testing

@Suite("Feature kernels")
struct FeaturesTests {
  @Test("Swapping bytes reverses each element and nothing else", arguments: [1, 2, 4, 8], [0, 1, 3, 16, 17, 100])
  func swap(width: Int, count: Int) {
    var random = SeededGenerator(width * 1_000 + count)
    let bytes = (0..<width * count + 8).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    var expected = bytes
    for element in 0..<count {
      let range = element * width..<(element + 1) * width
      expected.replaceSubrange(range, with: bytes[range].reversed())
    }
    // Elements with eight-byte alignment; the eight bytes after them must not change.
    let swapped = withUnsafeTemporaryAllocation(byteCount: bytes.count, alignment: 64) { buffer in
      buffer.copyBytes(from: bytes)
      collapse_swap_bytes(buffer.baseAddress, count, width)
      return Array(buffer)
    }
    #expect(swapped == expected)
  }

  @Test("Widening is exact for every type, for counts around the vector widths")
  func widen() {
    var random = SeededGenerator(3)
    for count in Array(0...40) + [63, 64, 65, 100] {
      let numbers = random.numbers(count)
      for kernel in Kernel.allCases {
        let (bytes, values) = kernel.store(numbers)
        var out = [Double](repeating: .nan, count: count + 1)
        switch kernel {
        case .f16: collapse_widen_f16(bytes, count, &out)
        case .bf16: collapse_widen_bf16(bytes, count, &out)
        case .f32: collapse_widen_f32(bytes, count, &out)
        case .f64: collapse_widen_f64(bytes, count, &out)
        }
        #expect(Array(out[..<count]) == values)
        #expect(out[count].isNaN)
      }
    }
  }

  @Test("Widening half precision with integer arithmetic agrees with the processor for every number")
  func portableHalf() {
    let all = (0...UInt16.max).map { $0 }
    var widened = [Double](repeating: 0, count: all.count)
    collapse_widen_half(all, all.count, &widened)
    for (bits, found) in zip(all, widened) {
      let expected = Double(Float16(bitPattern: bits))
      #expect(found == expected && found.sign == expected.sign || found.isNaN && expected.isNaN, "\(bits)")
    }
  }

  @Test("Narrowing rounds to the nearest, ties to even, as Swift's own conversions do")
  func narrow() {
    var random = SeededGenerator(4)
    let ties: [Float] = [
      1 + 0x1p-11, 1 + 0x3p-11, 1 + 0x1p-8, 1 + 0x3p-8, 0, -0, 0x1p-25, 0x3p-25, 65_504, -65_519, 1e30,
    ]
    let numbers = ties + (0..<1_000).map { _ in Float(random.normal()) }
    func narrowed<Bits: BitwiseCopyable>(
      _ kernel: (UnsafePointer<Float>?, Int, UnsafeMutableRawPointer?) -> Void, _ zero: Bits
    ) -> [Bits] {
      var bits = [Bits](repeating: zero, count: numbers.count)
      kernel(numbers, numbers.count, &bits)
      return bits
    }
    #expect(narrowed(collapse_narrow_f16, UInt16(0)) == numbers.map { Float16($0).bitPattern })
    #expect(narrowed(collapse_narrow_f32, Float(0)) == numbers)
    #expect(narrowed(collapse_narrow_f64, 0.0) == numbers.map { Double($0) })
    let bfloats = narrowed(collapse_narrow_bf16, UInt16(0)).map { Float(bitPattern: UInt32($0) << 16) }
    for (number, rounded) in zip(numbers, bfloats) {
      let below = Float(bitPattern: number.bitPattern & 0xFFFF_0000)
      let above = Float(bitPattern: (number.bitPattern & 0xFFFF_0000) + 0x1_0000)
      let (under, over) = (abs(number - below), abs(above - number))
      let isEven = below.bitPattern & 0x1_0000 == 0
      #expect(rounded == (under < over || (under == over && isEven) ? below : above))
    }
  }
}
