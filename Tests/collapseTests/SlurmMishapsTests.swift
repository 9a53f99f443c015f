import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Whatever happens to jobs of a pipeline, the result has the bytes of a local run, or the error says what failed.
@Suite("Mishaps of a pipeline's jobs", .wantsCluster, .needsCluster)
struct SlurmMishapsTests: SlurmSuite {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("A node that dies costs the work since the last checkpoint: its shards resume elsewhere")
  func deadNode() async throws {
    let pipeline = try makePipeline()
    try await withCluster { cluster in
      async let run = Self.submit(pipeline, Self.slowly, to: cluster)
      let shard = try await shardWithCheckpoint()
      try await cluster.killNode(text("out/slurm/starts/01.\(shard)").trimmingCharacters(in: .newlines))
      let result = try await run
      #expect(result.status == 0, "\(result.errors)")
      #expect(try await tasks(cluster).contains { $0.retries > 0 })
      #expect(text("out/slurm/log/01.\(shard)").contains("resuming from a checkpoint"))
      #expect(try artefacts("out") == runHere(pipeline))
    }
  }

  @Test("A shard that is requeued while it runs keeps its work and resumes")
  func requeued() async throws {
    let pipeline = try makePipeline()
    try await withCluster { cluster in
      async let run = Self.submit(pipeline, Self.slowly, to: cluster)
      let shard = try await shardWithCheckpoint()
      let job = try #require(try await tasks(cluster).first { $0.stages == "moments/part-\(shard)" }).job
      #expect(try await cluster.run("scontrol", "requeue", job).status == 0)
      let result = try await run
      #expect(result.status == 0, "\(result.errors)")
      #expect(try await tasks(cluster).first { $0.job == job }?.retries == 1)
      #expect(text("out/slurm/log/01.\(shard)").contains("resuming from a checkpoint"))
      #expect(try artefacts("out") == runHere(pipeline))
    }
  }

  @Test("A cancelled shard is named, the others finish, and a second run does only that one")
  func cancelledShard() async throws {
    let pipeline = try makePipeline()
    try await withCluster { cluster in
      async let run = Self.submit(pipeline, Self.slowly, to: cluster)
      let shard = try await shardWithCheckpoint()
      let job = try #require(try await tasks(cluster).first { $0.stages == "moments/part-\(shard)" }).job
      #expect(try await cluster.run("scancel", job).status == 0)
      let result = try await run
      #expect(result.status == 1)
      #expect(result.errors.contains("moments/part-\(shard) was cancelled"), "\(result.errors)")
      #expect(try await tasks(cluster).filter { $0.state == "done" }.count == 3)
      let again = try await Self.submit(pipeline, to: cluster)
      #expect(again.status == 0, "\(again.errors)")
      #expect(try submitted() == ["moments/part-\(shard)", "moments geometry"])
      #expect(try artefacts("out") == runHere(pipeline))
    }
  }

  @Test(
    "A shard with corrupt input is named with the error, the others finish, and after a repair only it runs again")
  func corruptShard() async throws {
    let pipeline = try makePipeline()
    try makePart(2, damaged: true)
    try await withCluster { cluster in
      let result = try await Self.submit(pipeline, to: cluster)
      #expect(result.status == 65)
      #expect(result.errors.contains("moments/part-2 failed: exit status 65"), "\(result.errors)")
      #expect(result.errors.contains("row 123456: expected finite features"), "\(result.errors)")
      let states = try await tasks(cluster).map(\.state)
      #expect(states == ["done", "done", "failed", "done", "not run"])
      try makePart(2)
      let again = try await Self.submit(pipeline, to: cluster)
      #expect(again.status == 0, "\(again.errors)")
      #expect(try submitted() == ["moments/part-2", "moments geometry"])
      #expect(try artefacts("out") == runHere(pipeline))
    }
  }

  @Test("A shard whose process is killed is tried again, as often as the file says")
  func retried() async throws {
    let pipeline = try makePipeline(retries: 1)
    try await withCluster { cluster in
      async let run = Self.submit(pipeline, Self.slowly, to: cluster)
      let shard = try await shardWithCheckpoint()
      for start in 1...2 {
        var process: pid_t?
        try await wait(for: "start \(start)") {
          guard text("out/slurm/starts/01.\(shard)").split(separator: "\n").count == start else { return false }
          let status =
            try? JSONSerialization.jsonObject(
              with: Data(folder.read("out/slurm/status/01.\(shard).json"))) as? [String: Any]
          let owner = (status?["owner"] as? [String: Any])?["pid"] as? Int
          defer { process = owner.map { pid_t($0) } }
          return status?["state"] as? String == "running" && owner.map { kill(pid_t($0), 0) == 0 } ?? false
        }
        kill(try #require(process), SIGKILL)
      }
      let result = try await run
      #expect(result.status == 1)
      #expect(result.errors.contains("moments/part-\(shard) failed: killed (137)"), "\(result.errors)")
      #expect(result.errors.contains("after 1 more attempt(s)"), "\(result.errors)")
    }
  }
}
