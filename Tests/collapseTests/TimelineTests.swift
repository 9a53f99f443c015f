import Foundation
import TestSupport
import Testing

/// Promise: a timeline agrees with measuring the state at that point; the same bytes for any threads, within memory.
@Suite("Timeline of a stream", .serialized)
struct TimelineTests {
  /// Batches with Zipf's labels and float16 features around class means.
  private func stream(_ folder: TemporaryFolder, rows: Int, classes: Int, dimension: Int) throws -> String {
    var generator = SeededGenerator(1)
    let means = (0..<classes * dimension).map { _ in Float(generator.normal()) }
    let noise = (0..<4_093).map { _ in Float.random(in: -1...1, using: &generator) }
    var bytes: [UInt8] = []
    for first in stride(from: 0, to: rows, by: 7_000) {
      let labels = (first..<min(first + 7_000, rows)).map { row in
        row < classes ? Int32(row) : Int32(pow(Double(classes), Double.random(in: 0..<1, using: &generator))) - 1
      }
      // A row has its class mean and the next of a few thousand random numbers.
      var next = first % noise.count
      let features = labels.flatMap { label in
        let mean = Int(label) * dimension
        return (mean..<mean + dimension).map { place in
          next = next + 1 == noise.count ? 0 : next + 1
          return Float16(means[place] + noise[next])
        }
      }
      bytes += NPY.labels(labels) + NPY.features("<f2", features, dimension: dimension)
    }
    return try folder.write("stream.npy", bytes)
  }

  private func rows(_ csv: [UInt8]) throws -> [[String: String]] {
    let lines = String(decoding: csv, as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let header = try #require(lines.first)
    return lines.dropFirst().map { Dictionary(zip(header, $0)) { first, _ in first } }
  }

  @Test(
    "One row for each multiple passed and one at the end, with the values of measure",
    arguments: ["none", "pooled"])
  func values(within: String) throws {
    let folder = try TemporaryFolder()
    let file = try stream(folder, rows: 100_000, classes: 300, dimension: 5)
    let state = folder.file("moments.h5")
    // The last run replaces the timeline of the one before.
    for threads in ["1", "3", "3"] {
      let result = try Tool.collapse(
        "accumulate", file, "--measure-every", "2e4", "--within", within, "--threads", threads, "--output", state,
        "--timeline", folder.file("\(threads).csv"))
      #expect(result.status == 0, "\(result.errors)")
    }
    #expect(try folder.read("1.csv") == folder.read("3.csv"))
    let rows = try rows(folder.read("1.csv"))
    // Blocks of 32 768 rows pass 20 000, 60 000, 80 000 and, at the end, 100 000.
    #expect(rows.map { $0["samples"] } == ["32768", "65536", "98304", "100000"])
    let measured = try Golden.numbers(Tool.collapse("measure", state).output)
    let last = try #require(rows.last)
    // The last class has only its first row, like every class at its start.
    #expect(last["classes"] == "300" && last["repeated_classes"] == "299")
    #expect(last.keys.contains("nc1_pinv") == (within == "pooled"))
    #expect(last.keys.contains("nc1_cdnv_ratio_corrected_standard_error") == (within == "pooled"))
    for (column, text) in last where !["samples", "classes", "repeated_classes", "samples_digest"].contains(column) {
      let error = column.wholeMatch(of: /(.*)_standard_error/).map { "standard_errors.\($0.output.1)" }
      let key = error ?? column.replacing(/_(mean|std|cv)$/) { ".\($0.output.1)" }
      #expect(Golden.deviation(Double(text), try #require(measured[key], "\(key)")) <= 1e-12, "\(column)")
    }
  }

  @Test("A timeline changes nothing in the state, and is next to it")
  func state() throws {
    let folder = try TemporaryFolder()
    let file = try stream(folder, rows: 70_000, classes: 50, dimension: 3)
    _ = try Tool.collapse("accumulate", file, "--output", folder.file("a.h5"))
    let result = try Tool.collapse("accumulate", file, "--measure-every", "1", "--output", folder.file("b.h5"))
    #expect(result.errors.contains("wrote \(folder.file("b.h5")), \(folder.file("b.timeline.csv"))"))
    #expect(try folder.read("a.h5") == folder.read("b.h5"))
    #expect(try folder.names == ["a.h5", "b.h5", "b.timeline.csv", "stream.npy"])
  }

  @Test(
    "A timeline stays within --memory, and a vocabulary that would not is refused before anything is read")
  func memory() throws {
    let folder = try TemporaryFolder()
    var samples = StreamSamples(rows: 8_000, dimension: 1_024, scalar: .float16)
    samples.labels = (0..<8_000).map { Int32($0 % 4_000) }
    let file = try folder.write("stream.npy", samples.stream())
    func accumulate(_ memory: String, _ vocabulary: [String]) throws -> Tool.Result {
      try Tool.run(
        Places.tool,
        ["accumulate", file, "--measure-every", "1e3", "--output", folder.file("m.h5"), "--memory", memory] + vocabulary
      )
    }
    let refused = try accumulate("500MiB", ["--vocabulary", "4000"])
    #expect(refused.status == 1)
    #expect(refused.errors.contains("expected memory to measure 4000 classes"), "\(refused.errors)")
    #expect(try folder.names == ["stream.npy"])
    let fits = try accumulate("620MiB", ["--vocabulary", "4000"])
    #expect(fits.status == 0, "\(fits.errors)")
    #expect(fits.peakKiB < 620 << 10)
    #expect(try rows(folder.read("m.timeline.csv")).last?["nc2_etf_error"]?.isEmpty == false)
    let unknown = try accumulate("500MiB", [])
    #expect(unknown.status == 0, "\(unknown.errors)")
    #expect(unknown.peakKiB < 500 << 10)
    #expect(unknown.errors.contains("with more, rows have no statistics"), "\(unknown.errors)")
    #expect(try rows(folder.read("m.timeline.csv")).last?["nc2_etf_error"] == "")
  }
}
