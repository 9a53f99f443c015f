import TestSupport
import Testing

@testable import Formats

@Suite("Tallies of samples")
struct PassedSamplesTests {
  @Test(
    "Filtered samples are counted and digested like a stream's, in any blocks, and after any number of resumes")
  func same() throws {
    let (labels, rows) = ([Int32](0..<6), (0..<6).map { [Float($0), -1] })
    var whole = PassedSamples()
    whole.note(block(labels, rows))
    var part = PassedSamples()
    part.note(block(Array(labels[..<2]), Array(rows[..<2])))
    let saved = try #require(part.saved)
    var rest = try #require(PassedSamples(resuming: saved))
    rest.note(block(Array(labels[2...]), Array(rows[2...])))
    var digest = SampleDigest()
    digest.update(block(labels, rows))
    for counter in [whole, rest] {
      let summary = counter.summary(of: StreamSummary())
      #expect(summary.rows == 6 && summary.scalars == [.float32] && summary.digest == digest.value)
    }
  }
}
