import TestSupport
import Testing

@testable import Formats
@testable import Samples
@testable import Stages
@testable import Storage

@Suite("Encoding batches")
struct BatchEncoderTests {
  /// Numbers between those of the narrower types, ties, and the smallest ones.
  private let numbers: [Double] = {
    var generator = SeededGenerator(2)
    let ties = [1 + 0x1p-11, 1 + 0x1p-11 + 0x1p-40, 1 + 3 * 0x1p-11 - 0x1p-50, -(1 + 0x1p-8), 1 + 0x1p-8 + 0x1p-45]
    let small = [0, -0.0, 0x1p-24, 0x1.8p-24, 0x1p-25, 0x1.000001p-25, 6.1e-5, 0x1p-149, 65_503, 65_519.99]
    return ties + small + (0..<1_000).map { _ in generator.normal() * 100 }
  }()

  private func block(_ scalar: ScalarType) -> Block { TestSupport.block([7], [numbers], scalar) }

  private func written(_ block: Block, as type: ScalarType?) throws -> [UInt8] {
    let bytes = try BatchEncoder(type: type).encode([.init(block, 0..<1)])
    return Array(bytes.suffix(numbers.count * (type ?? block.scalar).byteCount))
  }

  @Test("float64 is rounded once, to nearest even, although it passes through float32")
  func rounded() throws {
    let half = try written(block(.float64), as: .float16)
    #expect(half == NPY.bytes(of: numbers.map { Float16($0) }))
    #expect(try written(block(.float64), as: .float32) == NPY.bytes(of: numbers.map { Float($0) }))
    // The nearest of the neighbouring bfloat16 values by distance; ties go to the even one.
    let brain = numbers.map { number -> UInt16 in
      let low = UInt16(truncatingIfNeeded: Float(number.magnitude).bitPattern >> 16)
      let candidates = [low == 0 ? low : low - 1, low, low + 1].sorted {
        let (first, second) = (distance($0, number), distance($1, number))
        return first != second ? first < second : $0 % 2 < $1 % 2
      }
      return candidates[0] | (number.sign == .minus ? 0x8000 : 0)
    }
    #expect(try written(block(.float64), as: .bfloat16) == NPY.bytes(of: brain))
  }

  private func distance(_ bits: UInt16, _ number: Double) -> Double {
    (Double(Float(bitPattern: UInt32(bits) << 16)) - number.magnitude).magnitude
  }

  @Test("Wider types hold the same numbers, and the same type gives the same bytes", arguments: ScalarType.allCases)
  func exact(scalar: ScalarType) throws {
    let block = block(scalar)
    #expect(try written(block, as: nil) == block.featureBytes)
    #expect(try written(block, as: .float64) == NPY.bytes(of: block.featureValues))
    for type in ScalarType.allCases where BatchEncoder.isExact(scalar, type) {
      let again = try written(block, as: type)
      let values = again.withUnsafeBytes { bytes in
        [Double](unsafeUninitializedCapacity: numbers.count) { out, count in
          if let start = bytes.baseAddress, let out = out.baseAddress {
            type.widen(start, count: numbers.count, into: out)
          }
          count = numbers.count
        }
      }
      #expect(values == block.featureValues)
    }
  }

  @Test("A number that the type cannot hold is named by its row")
  func overflow() {
    let block = TestSupport.block([1, 2], [[1.0], [65_520.0]], .float64)
    let error = #expect(throws: StreamError.self) {
      try BatchEncoder(type: .float16).encode([.init(block, 0..<2)])
    }
    #expect(error?.diagnosis.position == "row 1")
  }

  @Test(
    "A batch has the bytes that numpy.save writes of labels, predictions and features, with 64 spaces more in the first header"
  )
  func bytes() throws {
    let one = TestSupport.block([1, 2], [[1, 2], [3, 4]] as [[Float]], predictions: [5, 6])
    let other = TestSupport.block([3], [[5, 6]] as [[Float]], predictions: [7])
    let bytes = try BatchEncoder(type: nil).encode([.init(one, 1..<2), .init(other, 0..<1)])
    #expect(
      bytes == NPY.paddingLabels(of: NPY.labels([2, 3])) + NPY.labels([6, 7])
        + NPY.features("<f4", [3, 4, 5, 6] as [Float], dimension: 2))
  }
}
