import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// A pipeline that is run by jobs of Slurm ends with the bytes of one that is run here, whatever happens to the jobs.
@Suite(
  "Pipelines on a cluster",
  .enabled(
    if: SlurmCluster.isWanted, "COLLAPSE_CLUSTER=1 swift test --filter collapseTests.Slurm runs them, and them alone"),
  .enabled(if: SlurmCluster.isAvailable, "needs root, and Debian's packages slurm-wlm and munge"))
struct SlurmTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  // MARK: Parts

  /// Four files of a few blocks each, and a pipeline that makes a shard of each.
  private func makePipeline(retries: Int = 1) throws -> String {
    for part in 0..<4 { try makePart(part) }
    return try folder.write(
      "pipeline.yaml",
      text: """
        name: jobs
        parameters: { out: \(folder.file("out")) }
        slurm: { retries: \(retries), cpus: 1, memory: 400MiB }
        stages:
          corpus: { uses: read, files: "\(folder.path)/part-*.npy" }
          moments: { uses: accumulate, from: corpus, within: pooled, shard-files: 1, checkpoint: 1s }
          geometry: { uses: measure, moments: moments }

        """)
  }

  private func makePart(_ part: Int, damaged: Bool = false) throws {
    var generator = SeededGenerator(part)
    let labels = (0..<200_000).map { _ in Int32.random(in: 0..<300, using: &generator) }
    var features = labels.map { Float($0 % 17) + Float.random(in: -1...1, using: &generator) }
    if damaged { features[123_456] = .nan }
    try folder.write(
      "part-\(part).npy", NPY.batch(labels, zip(features, features).flatMap { [$0, -$1 / 3] }, dimension: 2))
  }

  /// Runs the pipeline without a cluster, and says what is in its folder.
  private func runHere(_ pipeline: String) throws -> [String: [UInt8]] {
    let result = try Tool.collapse("run", pipeline, "--set", "out=\(folder.file("here"))")
    #expect(result.status == 0, "\(result.errors)")
    return try artefacts("here")
  }

  /// The files that stages made, by name.
  private func artefacts(_ name: String) throws -> [String: [UInt8]] {
    let names = FileManager.default.enumerator(atPath: folder.file(name))?.compactMap { $0 as? String } ?? []
    let made = names.filter { $0.hasSuffix(".h5") || $0.hasSuffix(".json") && !$0.contains("/") && $0 != "status.json" }
    return try Dictionary(uniqueKeysWithValues: made.map { ($0, try folder.read("\(name)/\($0)")) })
  }

  private func withCluster(_ body: (SlurmCluster) async throws -> Void) async throws {
    let cluster = try await SlurmCluster.start()
    do {
      try await body(cluster)
    } catch {
      Issue.record(error, Comment(rawValue: await cluster.logs))
    }
    try await cluster.stop()
  }

  private static func submit(
    _ pipeline: String, _ options: String..., to cluster: SlurmCluster
  ) async throws -> Tool.Result {
    try await cluster.run(Places.tool, ["run", pipeline, "--executor", "slurm"] + options)
  }

  /// What the jobs of the pipeline say of themselves.
  private func tasks(_ cluster: SlurmCluster) async throws -> [(
    stages: String, state: String, retries: Int, job: String
  )] {
    let text = try await cluster.run(Places.tool, "status", folder.file("out"), "--format", "json").text
    let status = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    return try #require(status["tasks"] as? [[String: Any]]).map {
      (
        $0["stages"] as? String ?? "", $0["state"] as? String ?? "", $0["retries"] as? Int ?? -1,
        $0["job"] as? String ?? ""
      )
    }
  }

  /// Which stages jobs were submitted for last, by task.
  private func submitted() throws -> [String] {
    let jobs = try JSONSerialization.jsonObject(with: Data(folder.read("out/slurm/jobs.json"))) as? [String: Any]
    return (jobs?["jobs"] as? [[String: Any]] ?? []).flatMap { $0["tasks"] as? [[String]] ?? [] }
      .map { $0.joined(separator: " ") }
  }

  private func text(_ name: String) -> String {
    (try? folder.read(name)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// A shard of which something is kept, so that it can be gone on from.
  private func shardWithCheckpoint() async throws -> Int {
    var found: Int?
    try await wait(for: "checkpoint") {
      found = (0..<4).first {
        FileManager.default.fileExists(atPath: folder.file("out/moments/.part-\($0).h5.checkpoint"))
      }
      return found != nil
    }
    return try #require(found)
  }

  private static let slowly = "--io-rate=150KiB"

  // MARK: Same bytes

  @Test("The quickstart ends with the bytes of a local run, all of it in one job")
  func quickstart() async throws {
    let pipeline = "Pipelines/quickstart.yaml"
    try await withCluster { cluster in
      let result = try await cluster.run(
        Places.tool, ["run", pipeline, "--executor", "slurm", "--set", "out=\(folder.file("out"))"],
        folder: Places.root.path)
      #expect(result.status == 0, "\(result.errors)")
      let here = try Tool.collapse(
        "run", pipeline, "--set", "out=\(folder.file("here"))", folder: Places.root.path)
      #expect(here.status == 0, "\(here.errors)")
      #expect(result.text == here.text && !here.text.isEmpty)
      #expect(try submitted().count == 1)
      let (there, made) = (try artefacts("out"), try artefacts("here"))
      #expect(there == made && made.count >= 3)
    }
  }

  @Test("A run of 16 shards, by windows of rows, ends with the bytes of a local run", .enabled(if: Places.hasShared))
  func shards() async throws {
    let pipeline = try folder.write(
      "shards.yaml",
      text: """
        parameters: { data: "\(Places.shared)", out: \(folder.file("out")) }
        slurm: { cpus: 1, memory: 1GiB }
        stages:
          train: { uses: read, files: "${data}/train.h5" }
          validation: { uses: read, files: "${data}/validation.npy.zst" }
          moments: { uses: accumulate, from: train, within: pooled, shard-rows: 6250 }
          decisions:
            { uses: decide, from: validation, moments: moments, classifier: "${data}/model.safetensors#lm_head.weight" }
          geometry: { uses: measure, moments: moments, decisions: decisions }

        """)
    try await withCluster { cluster in
      let result = try await Self.submit(pipeline, to: cluster)
      #expect(result.status == 0, "\(result.errors)")
      #expect(try submitted().filter { $0.hasPrefix("moments/") }.count == 16)
      let (made, there) = (try runHere(pipeline), try artefacts("out"))
      #expect(there == made && made.count == 19, "\(there.keys.sorted()) \(made.keys.sorted())")
    }
  }

  // MARK: What happens to jobs

  @Test("A node that dies costs what was done since the last checkpoint: its shards go on elsewhere")
  func deadNode() async throws {
    let pipeline = try makePipeline()
    try await withCluster { cluster in
      async let run = Self.submit(pipeline, Self.slowly, to: cluster)
      let shard = try await shardWithCheckpoint()
      try await cluster.killNode(text("out/slurm/starts/01.\(shard)").trimmingCharacters(in: .newlines))
      let result = try await run
      #expect(result.status == 0, "\(result.errors)")
      #expect(try await tasks(cluster).contains { $0.retries > 0 })
      #expect(text("out/slurm/log/01.\(shard)").contains("going on from a checkpoint"))
      #expect(try artefacts("out") == runHere(pipeline))
    }
  }

  @Test("A shard that is requeued while it runs keeps what it has done, and goes on")
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
      #expect(text("out/slurm/log/01.\(shard)").contains("going on from a checkpoint"))
      #expect(try artefacts("out") == runHere(pipeline))
    }
  }

  @Test("A shard that is cancelled is named, the others finish, and running again does only that one")
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
    "A shard whose input is corrupt is named with what is wrong, the others finish, and mended it alone is done again")
  func corruptShard() async throws {
    let pipeline = try makePipeline()
    try makePart(2, damaged: true)
    try await withCluster { cluster in
      let result = try await Self.submit(pipeline, to: cluster)
      #expect(result.status == 65)
      #expect(result.errors.contains("moments/part-2 failed, exit status 65"), "\(result.errors)")
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
      #expect(result.errors.contains("moments/part-\(shard) failed, killed (137)"), "\(result.errors)")
      #expect(result.errors.contains("after 1 more tries"), "\(result.errors)")
    }
  }

  // MARK: Who submits

  @Test("A terminal that is closed ends no job, and running again follows the jobs that are there")
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
      #expect(again.errors.contains("the jobs of an earlier run are there"))
      #expect(try folder.read("out/slurm/jobs.json") == jobs)
      #expect(try await tasks(cluster).allSatisfy { $0.state == "done" && $0.retries == 0 })
      #expect(try artefacts("out") == runHere(pipeline))
    }
  }

  @Test("Two runs of one pipeline at once submit its jobs once, and both end well")
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

  @Test("Jobs that were left alone are shown and ended from elsewhere, and gone on from")
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
      #expect(text("out/slurm/log/01.\(shard)").contains("going on from a checkpoint"))
      #expect(try artefacts("out") == runHere(pipeline))
    }
  }

  @Test("Cancelling while jobs are being submitted leaves none of them")
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

  @Test("A corpus that grows while its jobs run: they are followed, and then what came is done")
  func grown() async throws {
    let pipeline = try makePipeline()
    try await withCluster { cluster in
      let detached = try await Self.submit(pipeline, "--detach", Self.slowly, to: cluster)
      #expect(detached.status == 0, "\(detached.errors)")
      try makePart(4)
      let again = try await Self.submit(pipeline, Self.slowly, to: cluster)
      #expect(again.status == 0, "\(again.errors)")
      #expect(again.errors.contains("for 1 more shard: these wait until the jobs are done"), "\(again.errors)")
      #expect(try submitted() == ["moments/part-4", "moments geometry"])
      #expect(try artefacts("out") == runHere(pipeline))
    }
  }
}
