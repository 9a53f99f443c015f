import Testing

@testable import Samples

@Suite("Scalar types")
struct ScalarTypeTests {
  /// `numbers` widened from their bytes, as stored in a block.
  private func widened<Bits: BitwiseCopyable>(_ numbers: [Bits], as scalar: ScalarType) -> [Double] {
    #expect(MemoryLayout<Bits>.size == scalar.byteCount)
    return [Double](unsafeUninitializedCapacity: numbers.count) { out, count in
      numbers.withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress, let target = out.baseAddress else { return }
        scalar.widen(start, count: numbers.count, into: target)
      }
      count = numbers.count
    }
  }

  @Test("Each type has the number of bytes that its name says")
  func byteCounts() {
    #expect(ScalarType.allCases.map(\.byteCount) == [2, 2, 4, 8])
    #expect(ScalarType.allCases.map(\.rawValue) == ["float16", "bfloat16", "float32", "float64"])
  }

  @Test("All 65 536 patterns of float16 widen to what Swift's Float16 says")
  func everyFloat16() {
    let patterns = Array(UInt16.min...UInt16.max)
    let wrong = zip(patterns, widened(patterns, as: .float16)).filter { pattern, value in
      let expected = Double(Float16(bitPattern: pattern))
      return expected.isNaN ? !value.isNaN : value.bitPattern != expected.bitPattern
    }
    #expect(wrong.isEmpty)
  }

  @Test("All 65 536 patterns of bfloat16 widen to the float32 whose upper half they are")
  func everyBFloat16() {
    let patterns = Array(UInt16.min...UInt16.max)
    let wrong = zip(patterns, widened(patterns, as: .bfloat16)).filter { pattern, value in
      let expected = Double(Float(bitPattern: UInt32(pattern) << 16))
      return expected.isNaN ? !value.isNaN : value.bitPattern != expected.bitPattern
    }
    #expect(wrong.isEmpty)
  }

  @Test("float32 widens exactly: subnormals, both zeros, infinities, the largest and the smallest")
  func float32() {
    let numbers: [Float] = [
      0, -0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude,
      .infinity, -.infinity, .pi, 1 / 3,
    ]
    let values = widened(numbers, as: .float32)
    #expect(values.map(\.bitPattern) == numbers.map { Double($0).bitPattern })
    #expect(widened([Float.nan], as: .float32)[0].isNaN)
  }

  @Test("float64 passes bit by bit")
  func float64() {
    let numbers: [Double] = [
      0, -0, .leastNonzeroMagnitude, -.leastNormalMagnitude, .greatestFiniteMagnitude, .infinity, -.infinity, .pi,
    ]
    #expect(widened(numbers, as: .float64).map(\.bitPattern) == numbers.map(\.bitPattern))
  }

  @Test("Only the patterns of NaN and the infinities are non-finite, for each 16-bit type", arguments: [false, true])
  func nonfinitePatterns(isBFloat16: Bool) {
    let scalar: ScalarType = isBFloat16 ? .bfloat16 : .float16
    let found = (UInt16.min...UInt16.max).filter { pattern in
      withUnsafeBytes(of: pattern) { scalar.firstNonfinite($0.baseAddress!, count: 1) == 0 }
    }
    let expected = (UInt16.min...UInt16.max).filter { pattern in
      isBFloat16 ? !Float(bitPattern: UInt32(pattern) << 16).isFinite : !Float16(bitPattern: pattern).isFinite
    }
    #expect(found == expected)
  }

  @Test(
    "A single non-finite feature is found at any position",
    arguments: [1, 2, 15, 16, 17, 1023, 1024, 1025, 2047, 2048, 2049])
  func everyPosition(count: Int) {
    var float16 = [Float16](repeating: 65_504, count: count)
    var bfloat16 = [UInt16](repeating: 0x7F7F, count: count)
    var float32 = [Float](repeating: .greatestFiniteMagnitude, count: count)
    var float64 = [Double](repeating: -.greatestFiniteMagnitude, count: count)
    var wrong: [Int] = []
    for position in 0..<count {
      float16[position] = position % 2 == 0 ? .nan : -.infinity
      bfloat16[position] = position % 2 == 0 ? 0x7FC0 : 0xFF80
      float32[position] = position % 2 == 0 ? .signalingNaN : .infinity
      float64[position] = position % 2 == 0 ? .nan : .infinity
      let found = [
        first(float16, .float16), first(bfloat16, .bfloat16), first(float32, .float32), first(float64, .float64),
      ]
      if found != Array(repeating: position, count: 4) { wrong.append(position) }
      float16[position] = 1
      bfloat16[position] = 0x3F80
      float32[position] = 1
      float64[position] = 1
    }
    #expect(wrong.isEmpty)
    #expect(first(float16, .float16) == nil && first(float64, .float64) == nil)
  }

  @Test("The first of several non-finite features is named, even across stretches")
  func firstOfSeveral() {
    var numbers = [Float](repeating: 0, count: 4096)
    for position in [1024, 1023, 3000, 4095] { numbers[position] = .nan }
    #expect(first(numbers, .float32) == 1023)
    numbers[1023] = 0
    #expect(first(numbers, .float32) == 1024)
  }

  @Test("Zero features contain no non-finite one")
  func noFeatures() {
    #expect(withUnsafeBytes(of: Double.nan) { ScalarType.float64.firstNonfinite($0.baseAddress!, count: 0) } == nil)
  }

  private func first<Number: BitwiseCopyable>(_ numbers: [Number], _ scalar: ScalarType) -> Int? {
    numbers.withUnsafeBytes { scalar.firstNonfinite($0.baseAddress!, count: numbers.count) }
  }
}
