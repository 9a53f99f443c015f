import TestSupport
import Testing

@testable import Samples

@Suite("Block")
struct BlockTests {
  @Test("Capacity is the largest power of two whose features fit 64 MiB, within 16 … 32 768")
  func capacityRule() {
    for scalar in ScalarType.allCases {
      for dimension in Array(1...300) + [576, 768, 1023, 1024, 1025, 4096, 5120, 16_383, 65_536, 1 << 20] {
        var expected = 16
        while expected < 32_768, expected * 2 * dimension * scalar.byteCount <= 64 << 20 { expected *= 2 }
        #expect(Block.capacity(dimension: dimension, scalar: scalar) == expected, "\(scalar), d = \(dimension)")
      }
    }
  }

  @Test(
    "Capacity at common sizes",
    arguments: [
      (1, ScalarType.float64, 32_768), (64, .float16, 32_768), (64, .float32, 32_768), (768, .float16, 32_768),
      (768, .bfloat16, 32_768), (1_024, .float16, 32_768), (1_025, .float16, 16_384), (4_096, .float16, 8_192),
      (12_288, .float64, 512), (1 << 40, .float16, 16),
    ])
  func capacity(dimension: Int, scalar: ScalarType, rows: Int) {
    #expect(Block.capacity(dimension: dimension, scalar: scalar) == rows)
  }

  @Test("Rows in their own memory are contiguous and 64-byte aligned")
  func alignment() throws {
    for scalar in ScalarType.allCases {
      let builder = try BlockBuilder(dimension: 5, scalar: scalar, firstRow: 0)
      _ = builder.keep(0..<7)
      builder.commit(7, source: "a", firstRow: 0)
      let block = builder.finish()
      withExtendedLifetime(block) {
        #expect(block.rowBytes == 5 * scalar.byteCount)
        #expect(block.labels.count == 7)
        var runs: [UnsafeRawBufferPointer] = []
        block.forEachRun { run, _ in
          runs.append(run)
          return true
        }
        #expect(runs.map(\.count) == [7 * 5 * scalar.byteCount])
        #expect(runs.allSatisfy { UInt(bitPattern: $0.baseAddress) % 64 == 0 })
      }
    }
  }
}
