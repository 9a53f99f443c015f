import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import KindsForTests
@testable import Plan
@testable import Slurm

@Suite("The jobs of a pipeline")
struct SlurmPlanTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for number in 0..<3 { try make("p-\(number).npy", dimension: 1) }
  }

  private func make(_ name: String, dimension: Int) throws {
    try folder.write(
      name, NPY.batch([1, 2], (0..<2 * dimension).map { Float($0) }, dimension: dimension))
  }

  private func plan(
    _ stages: String, slurm: String = "", fresh: [String] = [], peaks: [String: Int] = [:]
  ) throws -> SlurmPlan {
    let graph = try StandardKinds.graph(
      StandardKinds.parse(
        """
        name: p
        parameters: { out: "\(folder.file("out"))" }
        slurm: { \(slurm) }
        stages:
        \(stages.replacing("DIR", with: folder.path))
        """, file: "p.yaml"))
    let freshness = Dictionary(
      uniqueKeysWithValues: graph.stages.indices.map { number in
        (number, fresh.contains(graph.stages[number].name) ? Freshness.fresh : .stale(Freshness.notMade))
      })
    return try SlurmPlan(graph, RunPlan(graph), freshness) { number in
      StageForecast(peak: peaks[graph.stages[number].name])
    }
  }

  /// Each job's tasks, and the jobs it waits for.
  private func expect(
    _ plan: SlurmPlan, _ jobs: [([[String]], [Int])], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(plan.jobs.map(\.tasks) == jobs.map(\.0), sourceLocation: sourceLocation)
    #expect(plan.jobs.map(\.needs) == jobs.map(\.1), sourceLocation: sourceLocation)
    #expect(plan.jobs.map(\.number) == Array(1..<plan.jobs.count + 1), sourceLocation: sourceLocation)
    for job in plan.jobs { #expect(job.needs.allSatisfy { $0 < job.number }, sourceLocation: sourceLocation) }
  }

  /// The settings of each job.
  private func settings(_ plan: SlurmPlan) throws -> [SlurmSettings] { try plan.jobs.map(plan.graph.slurm(of:)) }

  private static let chain = """
      s: { uses: read, files: DIR/p-0.npy }
      m: { uses: accumulate, from: s }
      g: { uses: measure, moments: m }
      t: { uses: collect, measures: g }
    """

  @Test("Small stages are one job, with the stages they wait for")
  func small() throws {
    try expect(plan(Self.chain), [([["m", "g", "t"]], [])])
    let plan = try plan(Self.chain)
    #expect(plan.jobs[0].name == "collapse.p.m" && !plan.jobs[0].isArray)
  }

  @Test("The quickstart is one job")
  func quickstart() throws {
    let graph = try StandardKinds.graph(
      PipelineFile.check(
        Places.root.appendingPathComponent("Pipelines/quickstart.yaml").path,
        settings: ["data=\(Places.sample)", "out=\(folder.file("out"))"], in: standardRegistry
      ).description)
    let plan = try SlurmPlan(graph, RunPlan(graph), [:]) { _ in StageForecast() }
    expect(plan, [([["moments", "decisions", "geometry", "report"]], [])])
  }

  @Test("Fresh stages have no job, and nothing waits for them")
  func fresh() throws {
    try expect(plan(Self.chain, fresh: ["m"]), [([["g", "t"]], [])])
    try expect(plan(Self.chain, fresh: ["m", "g", "t"]), [])
    let shards = "  s: { uses: read, files: \"DIR/p-*.npy\" }\n  m: { uses: accumulate, from: s, shard-files: 1 }"
    try expect(plan(shards, fresh: ["m/p-0", "m/p-2"]), [([["m/p-1"]], []), ([["m"]], [1])])
  }

  @Test("Shards are tasks of an array, which their merge waits for; stages that share a reader share a task")
  func shards() throws {
    let plan = try plan(
      """
        s: { uses: read, files: "DIR/p-*.npy" }
        a: { uses: accumulate, from: s, shard-files: 2 }
        b: { uses: accumulate, from: s, shard-files: 2, within: pooled }
        g: { uses: measure, moments: a }
      """)
    expect(plan, [([["a/p-0", "b/p-0"], ["a/p-2", "b/p-2"]], []), ([["a", "g"]], [1]), ([["b"]], [1])])
    #expect(plan.jobs[0].isArray && plan.jobs[0].name == "collapse.p.a-b" && !plan.jobs[1].isArray)
  }

  @Test("A stage that a matrix repeats is an array for each stage it contains; its shards are one array")
  func matrix() throws {
    let plan = try plan(
      """
        s: { matrix: { n: [0, 1] }, uses: read, files: ["DIR/p-${n}.npy", DIR/p-2.npy] }
        m: { uses: accumulate, from: s, shard-files: 1 }
        g: { uses: measure, moments: m }
        t: { uses: collect, measures: g }
      """)
    expect(
      plan,
      [
        ([["m.n=0/p-0"], ["m.n=0/p-2"], ["m.n=1/p-1"], ["m.n=1/p-2"]], []), ([["m.n=0"], ["m.n=1"]], [1]),
        ([["g.n=0"], ["g.n=1"]], [2]), ([["t"]], [3]),
      ])
    #expect(plan.jobs.map(\.isArray) == [true, true, true, false])
  }

  @Test("An array whose later tasks wait for a newer job comes after that job")
  func order() throws {
    let plan = try plan(
      """
        r: { uses: read, files: DIR/p-0.npy }
        one: { uses: accumulate, from: r, slurm: { cpus: 1 } }
        q: { uses: read, files: DIR/p-1.npy }
        two: { uses: accumulate, from: q, slurm: { cpus: 2 } }
        g: { matrix: { of: [one, two] }, uses: measure, moments: "${of}" }
      """)
    #expect(plan.jobs.count == 3)
    for job in plan.jobs { #expect(job.needs.allSatisfy { $0 < job.number }, "\(plan.jobs)") }
    #expect(plan.jobs.last?.tasks == [["g.of=one"], ["g.of=two"]] && plan.jobs.last?.needs == [1, 2])
  }

  @Test("A stage with its own slurm settings is a separate job, whichever of a reader's stages has them")
  func own() throws {
    let plan = try plan(
      """
        s: { uses: read, files: DIR/p-0.npy }
        a: { uses: accumulate, from: s }
        b: { uses: accumulate, from: s, within: pooled, slurm: { memory: 9GiB } }
        g: { uses: measure, moments: a }
      """, slurm: "account: x, memory: 1GiB")
    expect(plan, [([["a", "b"]], []), ([["g"]], [1])])
    #expect(try settings(plan).map(\.megabytes) == [9 << 10, 1 << 10])
    #expect(try settings(plan).map { $0.directives["account"] } == ["x", "x"])
  }

  @Test(
    "Memory is what the largest repeated stage is expected to need, plus a quarter and some")
  func memory() throws {
    let stages = """
        s: { matrix: { n: [0, 1] }, uses: read, files: "DIR/p-${n}.npy" }
        m: { uses: accumulate, from: s }
      """
    let plan = try plan(stages, peaks: ["m.n=0": 4 << 20, "m.n=1": 4 << 30])
    #expect(try settings(plan).map(\.megabytes) == [(5 << 10) + 256] && settings(plan)[0].minutes == 15)
    #expect(try settings(self.plan(stages, peaks: ["m.n=0": 4 << 20])).map(\.megabytes) == [nil])
    let set = try self.plan(stages, slurm: "memory: 1GiB, time: 2h", peaks: ["m.n=1": 1])
    #expect(try settings(set)[0].minutes == 120)
  }

  @Test("Streams of unknown length make large jobs, however many there are, and no time is suggested for them")
  func unknown() throws {
    let names = (0..<300).map { "\($0)" }.joined(separator: ", ")
    let plan = try plan(
      """
        s: { matrix: { n: [\(names)] }, uses: read, command: "cat ${n}" }
        m: { uses: accumulate, from: s }
        all: { uses: merge, states: m }
        g: { uses: measure, moments: all }
      """)
    #expect(plan.jobs.map(\.tasks.count) == [300, 1, 1])
    #expect(try settings(plan).map(\.minutes) == [nil, 135, 135])
  }

  @Test("Many jobs that each wait for several are planned quickly", .timeLimit(.minutes(5)))
  func ladder() throws {
    let stages = (2..<60).map {
      "  m\($0): { uses: merge, states: [m\($0 - 1), m\($0 - 2)], slurm: { cpus: 1 } }"
    }
    let first = (0..<2).map { "  m\($0): { uses: merge, states: LICENSE, slurm: { cpus: 1 } }" }
    let plan = try plan((first + stages).joined(separator: "\n"))
    #expect(plan.jobs.count == 60 && plan.jobs.last?.tasks == [["m59"]] && plan.jobs.last?.needs == [58, 59])
  }
}
