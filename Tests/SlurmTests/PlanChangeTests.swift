import TestSupport
import Testing

@testable import KindsForTests
@testable import Plan
@testable import Slurm

@Suite("What changed in a pipeline since its jobs were submitted")
struct PlanChangeTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["b", "d"] { try makePart(name) }
  }

  private func makePart(_ name: String) throws {
    try folder.write("p-\(name).npy", NPY.batch([1, 2, 1], [1, 2, 3], dimension: 1))
  }

  private func plan(_ shards: String = "shard-files: 1", more: String = "", head: String = "") throws
    -> PipelineDescription
  {
    try StandardKinds.graph(
      StandardKinds.parse(
        """
        \(head)
        parameters: { out: "\(folder.file("out"))" }
        stages:
          s: { uses: read, files: "\(folder.path)/p-*.npy" }
          m: { uses: accumulate, from: s, \(shards) }
          g: { uses: measure, moments: m\(more) }
        """, file: "p.yaml")
    ).description
  }

  @Test("It is unchanged if lines moved, and different if an option or a job setting changed")
  func same() throws {
    let plan = try plan()
    #expect(try PlanChange(from: plan, to: self.plan()) == .none)
    #expect(try PlanChange(from: plan, to: self.plan(head: "# a line more")) == .none)
    for other in [
      try self.plan("shard-files: 1, within: pooled"), try self.plan(more: ", min-count: 2"),
      try self.plan(more: ", slurm: { time: 1h }"), try self.plan(head: "slurm: { cpus: 2 }"),
      try self.plan(head: "name: x"), try self.plan("shard-files: 2"), try self.plan("threads: 1"),
    ] {
      #expect(PlanChange(from: plan, to: other) == .other && PlanChange(from: other, to: plan) == .other)
    }
  }

  @Test("It grew by the shards of new files before, between and after the old ones")
  func grown() throws {
    let plan = try plan()
    for name in ["a", "c", "e"] { try makePart(name) }
    #expect(try PlanChange(from: plan, to: self.plan()) == .grown(3))
    #expect(try PlanChange(from: self.plan(), to: plan) == .other)
    #expect(try PlanChange(from: plan, to: self.plan(more: ", min-count: 2")) == .other)
  }

  @Test("It is different if an existing shard takes more")
  func longer() throws {
    try makePart("e")
    let plan = try plan("shard-files: 2")
    try makePart("f")
    #expect(try PlanChange(from: plan, to: self.plan("shard-files: 2")) == .other)
  }
}
