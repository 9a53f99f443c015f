import Foundation
import Logging
import TestSupport
import Testing

@testable import KindsForTests
@testable import Plan
@testable import Slurm

@Suite("Pipelines as jobs")
struct SlurmRunTests {
  private func run(out: String, files: String) throws -> SlurmRun {
    let graph = try StandardKinds.graph(
      StandardKinds.parse(
        """
        parameters: { out: "\(out)" }
        stages:
          s: { uses: read, files: "\(files)" }
          m: { uses: accumulate, from: s }
        """, file: "p.yaml"))
    return try SlurmRun(graph, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  @Test("A folder that scripts cannot name is refused with advice; blanks, quotes and per cents are fine")
  func folders() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("p.npy", NPY.batch([1, 2, 1], [1, 2, 3], dimension: 1))
    try FileManager.default.createDirectory(atPath: folder.file("$HOME"), withIntermediateDirectories: false)
    for name in ["a b", "it's 50%j", "#x", "$HOME", "ä\\\"q"] { _ = try run(out: folder.file(name), files: file) }
    for name in ["a\\nb", "a\\\\b", "a\\rb"] {
      let error = #expect(throws: PipelineError.self) { try run(out: folder.file(name), files: file) }
      #expect("\(error.map { "\($0)" } ?? "")".contains("without line breaks, control characters or backslashes"))
    }
    #expect(throws: PipelineError.self) { try run(out: folder.file("out"), files: "-") }
  }
}
