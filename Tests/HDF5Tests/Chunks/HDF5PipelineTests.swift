import Foundation
import Testing

@testable import HDF5

@Suite("The filters of a chunk")
struct HDF5PipelineTests {
  @Test("A chunk that two compressors have made longer is decoded")
  func longer() throws {
    let content = (0..<9600).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 / 7) }
    let literals = stride(from: 0, to: 9600, by: 32).flatMap { [31] + content[$0..<$0 + 32] }
    let deflated = try InflateTests.deflated(Data(literals), level: 0)
    let pipeline = HDF5Pipeline(filters: [.lzf, .deflate])
    var target = [UInt8](repeating: 0, count: 9600)
    var scratch = [UInt8](repeating: 0, count: 2 * pipeline.scratchBytes(9600))
    try target.withUnsafeMutableBytes { target in
      try scratch.withUnsafeMutableBytes { scratch in
        try deflated.withUnsafeBytes { try pipeline.decode($0, mask: 0, into: target, scratch: scratch) }
      }
    }
    #expect(target == content)
  }
}
