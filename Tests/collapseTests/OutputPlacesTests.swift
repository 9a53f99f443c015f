import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// A pipeline file from a stranger writes only where its user expects it to.
@Suite("Where pipeline files may write")
struct OutputPlacesTests {
  private let folder: TemporaryFolder
  private let home: TemporaryFolder

  init() throws {
    (folder, home) = (try TemporaryFolder(), try TemporaryFolder())
    for name in ["work", "work/out", "elsewhere"] {
      try FileManager.default.createDirectory(atPath: folder.file(name), withIntermediateDirectories: false)
    }
  }

  private func pipeline(_ parameters: String, _ measure: String = "", report: String = "") throws -> String {
    try folder.write(
      "work/p.yaml",
      text: """
        parameters: { \(parameters) }
        stages:
          s: { uses: read, files: "\(Places.sample)/train-00.npy.zst" }
          m: { uses: accumulate, from: s }
          n:
            uses: measure
            moments: m
            \(measure)
        \(report)
        """)
  }

  private func collapse(_ words: String...) throws -> Tool.Result {
    try Tool.run(Places.tool, words, folder: folder.file("work"), environment: ["HOME": home.path])
  }

  /// Runs the file and expects that it is refused at this place, that `validate` says so, and that nothing is written.
  private func expectRefusal(_ file: String, _ place: String, _ words: String..., settings: [String] = []) throws {
    let more = settings.flatMap { ["--set", $0] }
    let before = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
    let result = try Tool.run(
      Places.tool, ["run", "p.yaml"] + more, folder: folder.file("work"), environment: ["HOME": home.path])
    #expect(result.status == 65 && result.errors.contains("p.yaml:\(place)"), "\(result.errors)")
    #expect(result.errors.contains("--allow-outputs"), "\(result.errors)")
    for word in words { #expect(result.errors.contains(word), "\(word): \(result.errors)") }
    #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() == before)
    #expect(try home.names.filter { $0 != ".bashrc" } == [])
    for verb in [["validate", "p.yaml"], ["run", "p.yaml", "--dry-run"]] {
      let told = try Tool.run(
        Places.tool, verb + more, folder: folder.file("work"), environment: ["HOME": home.path])
      #expect(told.status == 0 && told.errors.contains("p.yaml:\(place)"), "\(told.errors)")
    }
  }

  @Test(
    "A table of classes instead of a start-up file of the shell is refused, named by line, with or without that file")
  func startUpFile() throws {
    let file = try pipeline("out: out", "classes: ~/.bashrc")
    try expectRefusal(file, "8:14", "“n” would write \(home.path)/.bashrc, outside the working folder")
    try home.write(".bashrc", text: "# mine\n")
    try expectRefusal(file, "8:14", "“n” would write \(home.path)/.bashrc")
    let allowed = try collapse("run", "p.yaml", "--allow-outputs")
    #expect(allowed.status == 64 && allowed.errors.contains("text that starts with “# mine”"), "\(allowed.errors)")
    #expect(try home.read(".bashrc") == Array("# mine\n".utf8))
    #expect(try collapse("run", "p.yaml", "--allow-outputs", "--force").status == 0)
    #expect(try home.read(".bashrc").starts(with: "token,count,".utf8))
  }

  @Test("Each output outside the folder is named; hidden files and files beside out are outside as well")
  func outside() throws {
    try expectRefusal(try pipeline("out: out", "classes: c.csv"), "8:14", "outside the out folder")
    try expectRefusal(try pipeline("out: out", "classes: out/.profile"), "8:14", "which is hidden")
    try expectRefusal(try pipeline("out: .git/hooks"), "1:20", "“m” would write .git/hooks/m.h5", "“n” would write")
    try expectRefusal(
      try pipeline("out: out", "classes: \"${out}/../../elsewhere/c.csv\"\n    histograms: ../h.csv"), "8:14",
      "elsewhere/c.csv", "p.yaml:9:17", "/h.csv")
    try expectRefusal(
      try pipeline("out: out", report: "  r: { uses: report, measures: n, figures: ../elsewhere }"), "9:44", "elsewhere"
    )
  }

  @Test("An out that the file gives lies in the working folder; one from the command line lies anywhere")
  func ownFolder() throws {
    let place = folder.file("elsewhere")
    let file = try pipeline("out: \"\(place)\"")
    try expectRefusal(file, "1:20", "“m” would write \(place)/m.h5", "“n” would write \(place)/n.json", "--set out=")
    #expect(try collapse("run", "p.yaml", "--set", "out=\(place)").status == 0)
    #expect(try collapse("run", "p.yaml", "--allow-outputs").status == 0)
    let status = try collapse("run", "p.yaml", "--set", "out=o", "--status-file", folder.file("s.json"))
    #expect(status.status == 0 && !status.errors.contains("no status file"), "\(status.errors)")
    #expect(try folder.names == ["elsewhere", "s.json", "work"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("work/out")) == [])
  }

  @Test("Another parameter from the command line is no consent, not even as a part of out")
  func otherParameters() throws {
    let place = folder.file("elsewhere")
    try expectRefusal(
      try pipeline("out: out, x: y", "classes: \"${x}/c.csv\""), "8:14", "\(place)/c.csv", settings: ["x=\(place)"])
    try expectRefusal(try pipeline("x: y, out: \"${x}/o\""), "1:", "\(place)/o/m.h5", settings: ["x=\(place)"])
    try expectRefusal(
      try pipeline("out: out", "classes: c.csv"), "8:14", "outside the out folder", settings: ["out=\(place)"])
  }

  @Test("Without out, the outputs lie in the working folder")
  func noFolder() throws {
    try expectRefusal(try pipeline("x: y", "output: ../n.json"), "8:13", "outside the working folder")
    _ = try pipeline("x: y", "output: n.json")
    #expect(try collapse("run", "p.yaml").status == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("work")).contains("n.json"))
  }

  @Test(
    "Links that lead out of the folder are followed",
    arguments: ["out", "out/m.h5", "out/.collapse", "out/.m.h5.checkpoint", "out/status.json"])
  func links(name: String) throws {
    let target = folder.file("elsewhere/\(name == "out" || name == "out/.collapse" ? "" : "file")")
    rmdir(folder.file("work/\(name)"))
    #expect(symlink(target, folder.file("work/\(name)")) == 0)
    let file = try pipeline("out: out")
    let result = try collapse("run", file)
    #expect(result.status == 65 || result.status == 64, "\(result.errors)")
    #expect(result.errors.contains("elsewhere"), "\(result.errors)")
    #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.file("elsewhere")) == [])
  }

  @Test("A link in the folder for figures is not followed out of the output folder")
  func figureLink() throws {
    try FileManager.default.createDirectory(atPath: folder.file("work/out/r_files"), withIntermediateDirectories: false)
    let file = try pipeline(
      "out: out", "histograms: \"${out}/h.csv\"", report: "  r: { uses: report, measures: n }")
    for name in ["nc1_cdnv.svg", "nc1_cdnv.csv"] {
      #expect(symlink(folder.file("elsewhere/\(name)"), folder.file("work/out/r_files/\(name)")) == 0)
    }
    let result = try collapse("run", file)
    #expect(result.status == 64 && result.errors.contains("--allow-outputs"), "\(result.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("elsewhere")) == [])
  }

  @Test("Jobs of Slurm get the user's consent with their command; a plan gives none by itself")
  func jobs() throws {
    let place = folder.file("elsewhere")
    _ = try pipeline("out: out")
    func script(_ more: String...) throws -> String {
      let words = ["run", "p.yaml", "--executor", "slurm", "--dry-run"] + more
      let result = try Tool.run(Places.tool, words, folder: folder.file("work"))
      #expect(result.status == 0, "\(result.errors)")
      return result.text
    }
    #expect(try script("--set", "out=\(place)").contains("'--allow-outputs'"))
    #expect(try script("--allow-outputs", "--force").contains("'--force' '--allow-outputs'"))
    #expect(try !script().contains("--allow-outputs"))
  }
}
