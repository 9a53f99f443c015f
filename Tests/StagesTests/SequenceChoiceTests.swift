import TestSupport
import Testing

@testable import Engine
@testable import KindsForTests
@testable import Plan
@testable import Stages
@testable import Storage

@Suite("Every k-th sequence")
struct SequenceChoiceTests {
  private func sieve(_ options: String) throws -> SequenceFilter {
    let graph = try StandardKinds.graph(
      StandardKinds.parse(
        """
        parameters: { out: o }
        stages:
          s: { uses: read, files: "-" }
          f: { uses: filter, from: s, \(options) }
          m: { uses: accumulate, from: f }
        """, file: "p.yaml"))
    let filter = try #require(graph.stages.compactMap { $0.kind as? FilterStage }.first)
    return SequenceFilter(try #require(filter.sequences), stage: "f")
  }

  @Test("Sequences that the stream marks are taken by number, and renumbered for the next stage")
  func told() throws {
    var (second, third) = (try sieve("every-sequence: 2"), try sieve("every-sequence: 3"))
    var passed: [Int] = []
    for sequence in 0..<30 {
      for row in 0..<(sequence % 4) {
        let sample = SampleInFlight(label: 1, sequence: sequence, row: row)
        if let between = try second.pass(sample), try third.pass(between) != nil { passed.append(sequence) }
      }
    }
    // Every sixth one: 0 and 12 and 24 are empty.
    #expect(passed == [6, 6, 18, 18])
  }

  @Test("Ends of text and numbers of samples count again in each input, as by hand", arguments: 1...12)
  func byHand(seed: Int) throws {
    var random = SeededGenerator(seed)
    let every = Int.random(in: 1...4, using: &random)
    let samples = Int.random(in: 1...6, using: &random)
    var (ends, counts) = (
      try sieve("every-sequence: \(every), end-of-text: 0"),
      try sieve("every-sequence: \(every), sequence-samples: \(samples)")
    )
    for input in 0..<3 {
      var sequence = 0
      for row in 0..<Int.random(in: 0...60, using: &random) {
        let label = Int32.random(in: 0...3, using: &random)
        let sample = SampleInFlight(label: label, row: row, input: input)
        // Saved and restored now and then, as with a checkpoint.
        if Bool.random(using: &random) {
          let memory = ends.memory
          ends = try sieve("every-sequence: \(every), end-of-text: 0")
          ends.memory = memory
        }
        #expect(try (ends.pass(sample) != nil) == (sequence % every == 0))
        #expect(try (counts.pass(sample) != nil) == (row / samples % every == 0))
        if label == 0 { sequence += 1 }
      }
    }
  }

  @Test("If nothing says where sequences end, the error names the stage and the options to give")
  func unspecified() throws {
    var sieve = try sieve("every-sequence: 2")
    let error = #expect(throws: StreamError.self) { try sieve.pass(SampleInFlight(label: 1)) }
    #expect(error?.diagnosis.summary.contains("stage “f”") == true)
    #expect(error?.diagnosis.advice.contains("end-of-text") == true)
  }

  @Test(
    "Options that say nothing, or too much, are refused",
    arguments: [
      ("end-of-text: 0", "add every-sequence"), ("sequence-samples: 3", "add every-sequence"),
      ("every-sequence: 2, end-of-text: 0, sequence-samples: 3", "expected one of"),
      ("every-sequence: 0", "at least 1"),
    ])
  func refused(options: String, message: String) {
    let error = #expect(throws: PipelineError.self) { try sieve(options) }
    #expect(error.map { "\($0)" }?.contains(message) == true, "\(error.map { "\($0)" } ?? "")")
  }
}
