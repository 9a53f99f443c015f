import Foundation
import TestSupport
import Testing

/// Each shipped pipeline, run on the committed sample; GoldenTests has the quickstart.
@Suite("Shipped pipelines")
struct PipelinesTests {
  private func run(
    _ name: String, _ folder: TemporaryFolder, _ more: String..., input: [UInt8]? = nil
  ) throws -> Tool.Result {
    let result = try Tool.run(
      Places.tool, ["run", "Pipelines/\(name).yaml", "--set", "out=\(folder.path)"] + more, input: input,
      folder: Places.root.path)
    #expect(result.status == 0, "\(result.errors)")
    return result
  }

  /// The output of measure for some files of the sample with its classifier.
  private func measured(_ files: String) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    _ = try Tool.collapse(
      "accumulate", "\(Places.sample)/\(files)", "--within", "pooled", "--output", folder.file("m.h5"))
    return try Tool.collapse(
      "measure", folder.file("m.h5"), "--classifier", Places.sample + "/model.safetensors#lm_head.weight"
    ).output
  }

  @Test("All are valid, and all are tested here")
  func valid() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Places.root.path + "/Pipelines").sorted()
    #expect(
      names == [
        "checkpoints.yaml", "cluster.yaml", "from-a-command.yaml", "from-a-pipe.yaml", "full.yaml", "hdf5-import.yaml",
        "quickstart.yaml", "reference.yaml",
        "tokens-and-hidden-states.yaml",
      ])
    for name in names {
      let result = try Tool.collapse("validate", "Pipelines/\(name)", folder: Places.root.path)
      #expect(result.status == 0, "\(result.errors)")
    }
  }

  @Test(
    "cluster: the measurements of the quickstart from shards, and no job has an account unless it is given")
  func cluster() throws {
    let folder = try TemporaryFolder()
    let found = try Golden.numbers(try run("cluster", folder).output)
    let golden = try Golden.numbers(Array(Data(contentsOf: URL(fileURLWithPath: Places.sample + "/golden.json"))))
    for (key, value) in golden {
      #expect(Golden.deviation(found[key], value) <= (key.hasSuffix(".std") ? 1e-9 : 1e-10), "\(key)")
    }
    #expect(try folder.names.contains("moments") && folder.names.contains("decisions"))
    let scripts = try run(
      "cluster", TemporaryFolder(), "--executor", "slurm", "--dry-run", "--set", "partition=short")
    #expect(scripts.text.contains("#SBATCH --partition=short\n") && !scripts.text.contains("account"))
    #expect(scripts.text.contains("#SBATCH --array=0-1%32\n") && scripts.text.contains("#SBATCH --mem=4096M\n"))
  }

  @Test(
    "full: the measurements of the quickstart, groups of classes, the table of classes, the histograms and the report")
  func full() throws {
    let folder = try TemporaryFolder()
    let result = try run("full", folder)
    let golden = try Golden.numbers(Array(Data(contentsOf: URL(fileURLWithPath: Places.sample + "/golden.json"))))
    let found = try Golden.numbers(result.output)
    for (key, value) in golden {
      #expect(Golden.deviation(found[key], value) <= (key.hasSuffix(".std") ? 1e-9 : 1e-10), "\(key)")
    }
    #expect(result.text.contains("\"bands\": [") && result.text.contains("\"types\": ["))
    #expect(
      try folder.names == [
        ".collapse", "classes.csv", "decisions.h5", "geometry.json", "histograms.csv", "moments.h5",
        "moments.timeline.csv", "report.html", "report_files", "status.json",
      ])
    let classes = String(decoding: try folder.read("classes.csv"), as: UTF8.self)
    #expect(classes.split(separator: "\n").count == 1 + Int(golden["classes"] ?? 0))
  }

  @Test("reference: the readings of the program and of the library, each beside the statistics that have one only")
  func reference() throws {
    let folder = try TemporaryFolder()
    let result = try run("reference", folder)
    let truth = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: Places.root.path + "/Tests/collapseTests/Fixtures/spectra.json")))
    let sample = ((truth as? [String: Any])?["sample"] as? [String: Any])?["values"] as? [String: Double] ?? [:]
    let found = try Golden.numbers(result.output)
    for (key, expected) in [
      ("program.gnc2_log.std", "uncentred_gnc2_log.std"), ("program.gnc2_log_riesz", "uncentred_gnc2_log_riesz"),
      ("program.nc4.hits", "nc4.all_hits"), ("library.gnc2_log.mean", "gnc2_log.mean"),
      ("library.nc4.hits", "nc4.seen_hits"), ("library.nc5_ood_deviation", "nc5.unweighted"),
      ("library.nc3_frobenius", "nc3_frobenius"),
    ] {
      #expect(Golden.deviation(found[key], try #require(sample[expected])) <= 1e-9, "\(key)")
    }
    #expect(found["program.nc1_cdnv_squared.mean"] == found["library.nc1_cdnv_squared.mean"])
    for text in [
      "\"gnc2_means\": \"uncentred\"", "\"ood_mean\": \"unweighted\"", "\"decisions_head_rows\": \"seen\"",
    ] { #expect(result.text.components(separatedBy: text).count == 2, "\(text)") }
  }

  @Test("checkpoints: each is measured as if alone, and is a row of the table")
  func checkpoints() throws {
    let folder = try TemporaryFolder()
    let result = try run("checkpoints", folder)
    let rows = String(decoding: try folder.read("table.csv"), as: UTF8.self).split(separator: "\n")
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    #expect(rows.map(\.count) == [rows[0].count, rows[0].count, rows[0].count])
    for (row, step) in zip(rows.dropFirst(), ["00", "01"]) {
      let measured = try measured("train-\(step).npy.zst")
      #expect(try folder.read("geometry.step=\(step).json") == measured)
      let numbers = try Golden.numbers(measured)
      let text = String(decoding: measured, as: UTF8.self)
      #expect(row.prefix(2) == ["geometry.step=\(step)", step])
      let identities = ["moments_checksum", "head_digest", "decisions_head_digest"]
      for (column, field) in zip(rows[0], row).dropFirst(2) where !identities.contains(column) {
        let error = "_standard_error"
        let number = column.hasSuffix(error) ? String(column.dropLast(error.count)) : column
        let place =
          ["mean", "std", "cv", "noise_only"].first { number.hasSuffix("_\($0)") }
          .map { number.dropLast($0.count + 1) + "." + $0 } ?? number
        let key = column.hasSuffix(error) ? "standard_errors." + place : place
        #expect(Golden.deviation(Double(field), numbers[key] ?? .nan) <= 1e-14, "\(column)")
        #expect(text.contains(": \(field)"), "the digits of \(column)")
      }
      #expect(row.count - 2 > 35)
    }
    let names = try JSONSerialization.jsonObject(with: Data(result.output)) as? [String: Any]
    #expect(names?.keys.sorted() == ["geometry.step=00", "geometry.step=01", "table"])
    let verb = try Tool.collapse("collect", folder.file("geometry.step=*.json"))
    #expect(verb.status == 0 && verb.text.split(separator: "\n").count == 3)
  }

  @Test("from-a-pipe: standard input is read in any container")
  func pipe() throws {
    let folder = try TemporaryFolder()
    let bytes = try (0..<2).flatMap { part in
      Array(try Data(contentsOf: URL(fileURLWithPath: Places.sample + "/train-0\(part).npy.zst")))
    }
    let result = try run("from-a-pipe", folder, input: bytes)
    #expect(result.output == (try measured("train-*.npy.zst")))
  }

  @Test("from-a-command: a program writes the stream, if commands are allowed")
  func fromACommand() throws {
    let folder = try TemporaryFolder()
    let result = try run("from-a-command", folder, "--allow-commands")
    #expect(result.output == (try measured("train-*.npy.zst")))
  }

  /// The output of measure for a stream.
  private func measured(stream: String) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    _ = try Tool.collapse("accumulate", stream, "--within", "pooled", "--output", folder.file("m.h5"))
    return try Tool.collapse("measure", folder.file("m.h5")).output
  }

  private static let fixtures = Places.root.path + "/Tests/FormatsTests/Fixtures/"

  @Test("tokens-and-hidden-states: the measurements and counts equal those of the stream made by brute force")
  func tokensAndHiddenStates() throws {
    let folder = try TemporaryFolder()
    let stream = Self.fixtures + "paired/expected-rows-eot.npy"
    let result = try run("tokens-and-hidden-states", folder)
    #expect(result.output == (try measured(stream: stream)))
    #expect(try folder.read("counts.csv") == Tool.collapse("count", stream).output)
  }

  @Test("hdf5-import: the stream has the samples of the file, and the same measurements")
  func hdf5Import() throws {
    let folder = try TemporaryFolder()
    let result = try run("hdf5-import", folder)
    let expected = try measured(stream: Self.fixtures + "samples.npy")
    #expect(result.output == expected)
    #expect(try measured(stream: folder.file("train.npy.zst")) == expected)
    #expect(try folder.names.contains("moments.h5"))
  }

  @Test("Measurements that are collected but not kept are in the table all the same")
  func unkept() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "p.yaml",
      text: """
        stages:
          train: { matrix: { half: [0, 1] }, uses: read, files: "\(Places.sample)/train-0${half}.npy.zst" }
          moments: { uses: accumulate, from: train }
          geometry: { uses: measure, moments: moments }
          table: { uses: collect, measures: geometry, output: "\(folder.file("t.csv"))" }
        """)
    let result = try Tool.collapse("run", path)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try folder.names == ["p.yaml", "t.csv"])
    #expect(String(decoding: try folder.read("t.csv"), as: UTF8.self).contains("\ngeometry.half=1,1,10000,"))
  }

  @Test("A file that is not measurements is refused by name")
  func wrong() throws {
    let folder = try TemporaryFolder()
    for text in ["{\"a\": 1}", "[1]", "{\"tokens\": ", ""] {
      let result = try Tool.collapse("collect", folder.write("x.json", text: text))
      #expect(result.status == 65 && result.errors.contains("x.json"), "\(text): \(result.errors)")
      #expect(result.output.isEmpty)
    }
  }
}
