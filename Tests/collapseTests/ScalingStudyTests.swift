import Foundation
import TestSupport
import Testing

/// The pipelines of Examples/scaling-study, on small made-up streams instead of the models that its run.py trains.
@Suite("The scaling study")
struct ScalingStudyTests {
  /// The models that a pipeline measures, found in its text like run.py does.
  private func models(_ pipeline: String) throws -> [String] {
    let text = try String(contentsOfFile: Places.root.path + "/" + pipeline, encoding: .utf8)
    return text.matches(of: /\d+x\d+_\d+e_s\d+/).map { String($0.output) }
  }

  /// A folder in the form of run.py: moments, decisions and classifier of each model, made from two small streams in
  /// turn.
  private func trained(_ models: [String]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let classifier = try folder.write("model.safetensors", SmallModel.model)
    let validation = try folder.write("validation.npy.zst", SmallModel.stream(rows: 300, seed: 3))
    for half in 0..<2 {
      let moments = folder.file("\(half).h5")
      let train = try folder.write("train-\(half).npy.zst", SmallModel.stream(seed: 1 + half))
      _ = try Tool.collapse("accumulate", train, "--within", "pooled", "--output", moments)
      let decided = try Tool.collapse(
        "decide", validation, "--moments", moments, "--classifier", classifier + "#lm_head.weight", "--output",
        folder.file("d\(half).h5"))
      #expect(decided.status == 0, "\(decided.errors)")
      for (index, model) in models.enumerated() where index % 2 == half {
        try FileManager.default.createDirectory(atPath: folder.file(model), withIntermediateDirectories: true)
        for (made, name) in [
          (moments, "moments.h5"), (folder.file("d\(half).h5"), "decisions.h5"), (classifier, "model.safetensors"),
        ] {
          try FileManager.default.createSymbolicLink(
            atPath: folder.file("\(model)/\(name)"), withDestinationPath: made)
        }
      }
    }
    let rows = models.enumerated().map { index, model in
      "\(model),\(model.split(separator: "x")[1].prefix { $0 != "_" }),1,\(index + 1)000,\(4 + index % 5)\n"
    }
    _ = try folder.write("metadata.csv", text: "model,width,epochs,parameters,val_loss\n" + rows.joined())
    return folder
  }

  @Test("Both pipelines are valid; each model is a row of the table, studied with its metadata, and on the report")
  func runs() throws {
    for (pipeline, count) in [("small", 3), ("study", 24)] {
      let path = "Examples/scaling-study/\(pipeline).yaml"
      let models = try models(path)
      #expect(models.count == count && Set(models).count == count)
      let folder = try trained(models)
      let result = try Tool.collapse("run", path, "--set", "out=\(folder.path)", folder: Places.root.path)
      #expect(result.status == 0, "\(result.errors)")
      let table = String(decoding: try folder.read("table.csv"), as: UTF8.self).split(separator: "\n")
      #expect(table.dropFirst().map { $0.split(separator: ",")[1] } == models.map { $0[...] })
      let study = String(decoding: try folder.read("study.csv"), as: UTF8.self)
      #expect(study.contains("\n,,NC4 classifier agreement,nc4_agreement,\(count),"))
      #expect(try folder.names.contains("report.html"))
    }
  }

  @Test(
    "A model that fails is reported at once with its log, and no other is started",
    .enabled(if: Tool.exists("python3"), "needs python3"))
  func failure() throws {
    let folder = try TemporaryFolder()
    // Training fails, whether PyTorch is installed or not.
    try folder.write("torch.py", text: "raise ImportError('none here')\n")
    let script = Places.root.path + "/Examples/scaling-study/run.py"
    let arguments = ["--small", "--jobs", "1", "--collapse", "false", "--out", folder.file("out")]
    let result = try Tool.run("python3", [script] + arguments, environment: ["PYTHONPATH": folder.path])
    #expect(result.status == 1, "\(result.errors)")
    let made = try FileManager.default.contentsOfDirectory(atPath: folder.file("out"))
    #expect(made.count == 1)
    let failures = result.errors.split(separator: "\n").filter { $0.contains("failed") }
    #expect(failures.count == 1 && failures[0].hasPrefix("run.py: \(made[0]) failed: "), "\(result.errors)")
    #expect(failures.first?.contains("train.log") == true && !result.errors.contains("Traceback"))
  }

  @Test("The committed table has a row per model of the study, and the columns that collapse makes, in order")
  func committed() throws {
    let results = Places.root.path + "/Examples/scaling-study/results/"
    let models = try models("Examples/scaling-study/study.yaml")
    let folder = try trained([models[0]])
    let measured = try Tool.collapse(
      "measure", folder.file("0.h5"), "--decisions", folder.file("d0.h5"), "--classifier",
      folder.file("model.safetensors#lm_head.weight"), "--output", folder.file("m.json"))
    #expect(measured.status == 0, "\(measured.errors)")
    let columns = try Tool.collapse("collect", folder.file("m.json")).text.prefix { $0 != "\n" }.split(separator: ",")
    let table = try String(contentsOfFile: results + "table.csv", encoding: .utf8).split(separator: "\n")
    let header = table[0].split(separator: ",")
    // Statistics newer than the table are not in it; the models are trained again only now and then.
    #expect(header.filter { $0 != "model" } == columns.filter(header.contains))
    for file in ["table.csv", "metadata.csv"] {
      let text = try String(contentsOfFile: results + file, encoding: .utf8)
      #expect(text.split(separator: "\n").count == 1 + models.count)
      for model in models { #expect(text.contains(model)) }
    }
  }
}
