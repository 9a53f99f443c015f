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
    // Elements of eight-byte alignment; the eight bytes behind them stay.
    let swapped = withUnsafeTemporaryAllocation(byteCount: bytes.count, alignment: 64) { buffer in
      buffer.copyBytes(from: bytes)
      collapse_swap_bytes(buffer.baseAddress, count, width)
      return Array(buffer)
    }
    #expect(swapped == expected)
  }

  @Test("Widening is exact for every type at counts around the vector widths")
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

  @Test("Half precision widened by integer arithmetic is what the processor makes of it, for every number there is")
  func portableHalf() {
    let all = (0...UInt16.max).map { $0 }
    var widened = [Double](repeating: 0, count: all.count)
    collapse_widen_half(all, all.count, &widened)
    for (bits, found) in zip(all, widened) {
      let expected = Double(Float16(bitPattern: bits))
      #expect(found == expected && found.sign == expected.sign || found.isNaN && expected.isNaN, "\(bits)")
    }
  }
}
