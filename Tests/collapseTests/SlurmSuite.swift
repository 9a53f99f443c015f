import Foundation
import TestSupport
import Testing

extension Trait where Self == ConditionTrait {
  /// Tests on a cluster run alone, because tests that keep every thread busy slow its daemons down.
  static var wantsCluster: Self {
    .enabled(
      if: SlurmCluster.isWanted, "COLLAPSE_CLUSTER=1 swift test --filter collapseTests.Slurm runs them, and them alone")
  }

  static var needsCluster: Self {
    .enabled(if: SlurmCluster.isAvailable, "needs root, and Debian's packages slurm-wlm and munge")
  }
}

/// The common parts of tests on a cluster.
protocol SlurmSuite {
  var folder: TemporaryFolder { get }
}

extension SlurmSuite {
  /// Four files of a few blocks each, and a pipeline that makes one shard of each.
  func makePipeline(retries: Int = 1) throws -> String {
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

  func makePart(_ part: Int, damaged: Bool = false) throws {
    var generator = SeededGenerator(part)
    let labels = (0..<200_000).map { _ in Int32.random(in: 0..<300, using: &generator) }
    var features = labels.map { Float($0 % 17) + Float.random(in: -1...1, using: &generator) }
    if damaged { features[123_456] = .nan }
    try folder.write(
      "part-\(part).npy", NPY.batch(labels, zip(features, features).flatMap { [$0, -$1 / 3] }, dimension: 2))
  }

  /// Runs the pipeline without a cluster, and returns the contents of its folder.
  func runHere(_ pipeline: String) throws -> [String: [UInt8]] {
    let result = try Tool.collapse("run", pipeline, "--set", "out=\(folder.file("here"))")
    #expect(result.status == 0, "\(result.errors)")
    return try artefacts("here")
  }

  /// The files that stages made, by name.
  func artefacts(_ name: String) throws -> [String: [UInt8]] {
    let names = FileManager.default.enumerator(atPath: folder.file(name))?.compactMap { $0 as? String } ?? []
    let made = names.filter { $0.hasSuffix(".h5") || $0.hasSuffix(".json") && !$0.contains("/") && $0 != "status.json" }
    return try Dictionary(uniqueKeysWithValues: made.map { ($0, try folder.read("\(name)/\($0)")) })
  }

  /// Runs a test on its own cluster, whose logs are added to a failure.
  func withCluster(_ body: (SlurmCluster) async throws -> Void) async throws {
    let cluster = try await SlurmCluster.start()
    do {
      try await body(cluster)
    } catch {
      Issue.record(error, Comment(rawValue: await cluster.logs))
    }
    try await cluster.stop()
  }

  static func submit(
    _ pipeline: String, _ options: String..., to cluster: SlurmCluster
  ) async throws -> Tool.Result {
    try await cluster.run(Places.tool, ["run", pipeline, "--executor", "slurm", "--allow-outputs"] + options)
  }

  /// The logs and statuses of the pipeline's jobs.
  func tasks(_ cluster: SlurmCluster) async throws -> [(
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

  /// The stages of the last submission, by task.
  func submitted() throws -> [String] {
    let jobs = try JSONSerialization.jsonObject(with: Data(folder.read("out/slurm/jobs.json"))) as? [String: Any]
    return (jobs?["jobs"] as? [[String: Any]] ?? []).flatMap { $0["tasks"] as? [[String]] ?? [] }
      .map { $0.joined(separator: " ") }
  }

  func text(_ name: String) -> String {
    (try? folder.read(name)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// Waits for a shard with a checkpoint, so that it can be resumed.
  func shardWithCheckpoint() async throws -> Int {
    var found: Int?
    try await wait(for: "checkpoint") {
      found = (0..<4).first {
        FileManager.default.fileExists(atPath: folder.file("out/moments/.part-\($0).h5.checkpoint"))
      }
      return found != nil
    }
    return try #require(found)
  }

  static var slowly: String { "--io-rate=150KiB" }
}
