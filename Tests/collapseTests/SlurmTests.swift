import TestSupport
import Testing

/// A pipeline run by Slurm jobs ends with the bytes of a local run.
@Suite("Pipelines on a cluster", .wantsCluster, .needsCluster)
struct SlurmTests: SlurmSuite {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("The quickstart ends with the bytes of a local run, all in one job")
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
}
