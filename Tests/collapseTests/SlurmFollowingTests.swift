import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Queued jobs are followed and ended from anywhere, and submitted once.
@Suite("Following a pipeline's jobs", .wantsCluster, .needsCluster)
struct SlurmFollowingTests: SlurmSuite {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("Closing the terminal ends no job, and a second run follows the existing jobs")
  func closedTerminal() async throws {
    let pipeline = try makePipeline()
    try await withCluster { cluster in
      let process = try Tool.spawn(
        Places.tool, ["run", pipeline, "--executor", "slurm", Self.slowly], input: "/dev/null",
        output: folder.file("output"), errors: folder.file("errors"), environment: cluster.environment)
      _ = try await shardWithCheckpoint()
      kill(process, SIGHUP)
      waitpid(process, nil, 0)
      let jobs = try folder.read("out/slurm/jobs.json")
      let again = try await Self.submit(pipeline, Self.slowly, to: cluster)
      #expect(again.status == 0, "\(again.errors)")
      #expect(again.errors.contains("following the jobs of an earlier run"))
      #expect(try folder.read("out/slurm/jobs.json") == jobs)
      #expect(try await tasks(cluster).allSatisfy { $0.state == "done" && $0.retries == 0 })
      #expect(try artefacts("out") == runHere(pipeline))
    }
  }

  @Test("Two simultaneous runs of one pipeline submit its jobs once, and both succeed")
  func twice() async throws {
    let pipeline = try makePipeline()
    try await withCluster { cluster in
      async let one = Self.submit(pipeline, Self.slowly, to: cluster)
      async let other = Self.submit(pipeline, Self.slowly, to: cluster)
      let results = try await [one, other]
      #expect(results.map(\.status) == [0, 0], "\(results.map(\.errors))")
      #expect(results[0].text == results[1].text && !results[0].text.isEmpty)
      let queue = try await cluster.run("squeue", "-h", "--states=all", "-r", "-o", "%i").text
      #expect(queue.split(separator: "\n").count == 5, "\(queue)")
      #expect(try artefacts("out") == runHere(pipeline))
    }
  }

  @Test("Detached jobs are shown and ended from elsewhere, and resumed")
  func detached() async throws {
    let pipeline = try makePipeline()
    try await withCluster { cluster in
      let detached = try await Self.submit(pipeline, "--detach", Self.slowly, to: cluster)
      #expect(detached.status == 0 && detached.text.isEmpty, "\(detached.errors)")
      let shard = try await shardWithCheckpoint()
      let table = try await cluster.run(Places.tool, "status", folder.file("out"), "--format", "table").text
      #expect(table.contains("jobs: running") && table.contains("moments/part-\(shard)"), "\(table)")
      let cancelled = try await cluster.run(Places.tool, "cancel", folder.file("out"))
      #expect(cancelled.status == 0 && cancelled.text.contains("cancelled job(s)"), "\(cancelled.errors)")
      try await wait(for: "end of the jobs") { try await cluster.run("squeue", "-h").text.isEmpty }
      #expect(
        try await cluster.run(Places.tool, "status", folder.file("out"), "--format", "table").text
          .contains("jobs: cancelled"))
      let again = try await Self.submit(pipeline, to: cluster)
      #expect(again.status == 0, "\(again.errors)")
      #expect(text("out/slurm/log/01.\(shard)").contains("resuming from a checkpoint"))
      #expect(try artefacts("out") == runHere(pipeline))
    }
  }

  @Test("Cancelling during submission leaves no job")
  func cancelledWhileSubmitting() async throws {
    let pipeline = try makePipeline()
    try await withCluster { cluster in
      async let detached = Self.submit(pipeline, "--detach", Self.slowly, to: cluster)
      try await wait(for: "submission") { !text("out/slurm/jobs.json").isEmpty }
      let cancelled = try await cluster.run(Places.tool, "cancel", folder.file("out"))
      #expect(cancelled.status == 0 && cancelled.text.contains("cancelled job(s) 1, "), "\(cancelled.text)")
      #expect(try await detached.status == 0)
      try await wait(for: "end of the jobs") { try await cluster.run("squeue", "-h").text.isEmpty }
      #expect(try await !tasks(cluster).contains { ["waiting", "running", "done"].contains($0.state) })
    }
  }

  @Test("A corpus that grows while its jobs run: they are followed, and then the new files are processed")
  func grown() async throws {
    let pipeline = try makePipeline()
    try await withCluster { cluster in
      let detached = try await Self.submit(pipeline, "--detach", Self.slowly, to: cluster)
      #expect(detached.status == 0, "\(detached.errors)")
      try makePart(4)
      let again = try await Self.submit(pipeline, Self.slowly, to: cluster)
      #expect(again.status == 0, "\(again.errors)")
      #expect(again.errors.contains("give 1 more shard, which must wait until the jobs are done"), "\(again.errors)")
      #expect(try submitted() == ["moments/part-4", "moments geometry"])
      #expect(try artefacts("out") == runHere(pipeline))
    }
  }
}
