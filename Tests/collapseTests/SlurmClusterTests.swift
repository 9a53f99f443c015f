import Foundation
import TestSupport
import Testing

@testable import collapse

/// The test cluster behaves like a cluster.
@Suite("A Slurm cluster", .wantsCluster, .needsCluster)
struct SlurmClusterTests: SlurmSuite {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("A job after an array starts once all four tasks are done, and finds their output")
  func array() async throws {
    try await withCluster { cluster in
      let array = try await submit("echo task $SLURM_ARRAY_TASK_ID", "--array=0-3", "--output=%a.txt", to: cluster)
      let sum = try await submit("cat [0-3].txt", "--dependency=afterok:\(array)", "--output=sum.txt", to: cluster)
      try await wait(for: sum, until: ["COMPLETED"], in: cluster)
      #expect(text("sum.txt") == "task 0\ntask 1\ntask 2\ntask 3\n")
      #expect(try await states(of: array, in: cluster) == [String](repeating: "COMPLETED", count: 4))
    }
  }

  @Test("A job after an array with a failed task is cancelled if it says so, and the other tasks finish")
  func failing() async throws {
    try await withCluster { cluster in
      let array = try await submit("exit $((SLURM_ARRAY_TASK_ID == 2))", "--array=0-3", to: cluster)
      let sum = try await submit(
        "true", "--dependency=afterok:\(array)", "--kill-on-invalid-dep=yes", to: cluster)
      try await wait(for: sum, until: ["CANCELLED"], in: cluster)
      #expect(try await states(of: array, in: cluster).sorted() == ["COMPLETED", "COMPLETED", "COMPLETED", "FAILED"])
      #expect(try await states(of: "\(array)_2", in: cluster) == ["FAILED"])
    }
  }

  @Test("A job near its time limit gets the signal it asked for, and may choose its end")
  func signal() async throws {
    try await withCluster { cluster in
      let job = try await submit(
        "trap 'echo asked; exit 75' TERM; echo begun; sleep 100 & wait", "--time=1", "--signal=B:TERM@60",
        "--output=said.txt", to: cluster)
      try await wait(for: job, until: ["FAILED"], in: cluster)
      let said = text("said.txt")
      let lines = said.split(separator: "\n").filter { !$0.hasPrefix("slurmstepd") }
      #expect(lines == ["begun", "asked"], "\(said)")
      #expect(try await cluster.run("scontrol", "show", "job", job).text.contains("ExitCode=75:0"))
    }
  }

  @Test("A task requeued while it runs gets SIGTERM, runs again, and knows that it is the second time")
  func requeue() async throws {
    try await withCluster { cluster in
      let job = try await submit(
        // The child of the shell may get the signal first, which must not end the script.
        """
        trap 'echo asked; exit 75' TERM
        echo run $SLURM_RESTART_COUNT
        [ $SLURM_RESTART_COUNT ] || (trap '' TERM; exec sleep 100) & wait
        """,
        "--array=0-1", "--requeue", "--open-mode=append", "--output=%a.txt", to: cluster)
      try await wait(for: job, until: ["RUNNING", "RUNNING"], in: cluster)
      try await TestSupport.wait(for: "word of task 1") { !text("1.txt").isEmpty }
      #expect(try await cluster.run("scontrol", "requeue", "\(job)_1").status == 0)
      try await wait(for: "\(job)_1", until: ["COMPLETED"], in: cluster)
      let said = text("1.txt")
      let lines = said.split(separator: "\n").filter { !$0.hasPrefix("slurmstepd") }
      #expect(lines == ["run", "asked", "run 1"], "\(said)")
      #expect(try await states(of: "\(job)_0", in: cluster) == ["RUNNING"])
    }
  }

  @Test("A task whose node dies runs again on the other node, and the node comes back")
  func deadNode() async throws {
    try await withCluster { cluster in
      let job = try await submit(
        "echo $SLURMD_NODENAME $SLURM_RESTART_COUNT; [ $SLURM_RESTART_COUNT ] || sleep 100", "--requeue",
        "--open-mode=append", "--output=said.txt", to: cluster)
      try await TestSupport.wait(for: "word of the job") { !text("said.txt").isEmpty }
      let node = String(text("said.txt").prefix(2))
      let other = try #require(SlurmCluster.nodes.first { $0 != node })
      try await cluster.killNode(node)
      try await wait(for: job, until: ["COMPLETED"], in: cluster)
      #expect(text("said.txt") == "\(node)\n\(other) 1\n")
      try await cluster.startNode(node)
      let next = try await submit("echo $SLURMD_NODENAME", "--nodelist=\(node)", "--output=next.txt", to: cluster)
      try await wait(for: next, until: ["COMPLETED"], in: cluster)
      #expect(text("next.txt") == "\(node)\n")
    }
  }

  @Test("A released cluster leaves no process behind, neither of its daemons nor of its jobs")
  func letGo() async throws {
    var cluster: SlurmCluster? = try await SlurmCluster.start()
    let setting = "SLURM_CONF=" + (cluster?.environment["SLURM_CONF"] ?? "")
    if let cluster {
      let job = try await submit("sleep 100", to: cluster)
      try await wait(for: job, until: ["RUNNING"], in: cluster)
    }
    cluster = nil
    let members = ["-c", "grep -lszF '\(setting.dropLast("slurm.conf".count))' /proc/[0-9]*/environ"]
    try await TestSupport.wait(for: "end of its processes", atMost: .seconds(60)) {
      try Tool.run("sh", members).text.isEmpty
    }
  }

  /// Submits a script, and returns the job's id.
  private func submit(_ script: String, _ options: String..., to cluster: SlurmCluster) async throws -> String {
    let file = try folder.write("job.sh", text: "#!/bin/sh\n\(script)\n")
    let submitted = try await cluster.run("sbatch", ["--parsable"] + options + [file], folder: folder.path)
    try #require(submitted.status == 0, "\(submitted.errors)")
    return submitted.text.trimmingCharacters(in: .newlines)
  }

  /// The state of a job, or of each task of an array.
  private func states(of job: String, in cluster: SlurmCluster) async throws -> [String] {
    try await cluster.run("squeue", "--noheader", "--array", "--states=all", "--jobs=\(job)", "--format=%T")
      .text.split(separator: "\n").map(String.init)
  }

  private func wait(for job: String, until expected: [String], in cluster: SlurmCluster) async throws {
    do {
      try await TestSupport.wait(for: "job \(job) that is \(expected)") {
        try await states(of: job, in: cluster) == expected
      }
    } catch let error as TimedOut {
      throw SlurmCluster.Failure(
        description: "\(error):\n\(try await cluster.run("scontrol", "show", "job", job).text)")
    }
  }
}
