import Foundation
import TestSupport
import Testing

/// Reports on the output of other verbs.
@Suite("Reports made from files")
struct ReportTests {
  /// Moments and measurements of the sample, with the table of classes in both formats, made once for all tests.
  private static let made = Result {
    let folder = try TemporaryFolder()
    let moments = try Tool.collapse(
      "accumulate", Places.sample + "/train-*.npy.zst", "--output", folder.file("moments.h5"))
    #expect(moments.status == 0, "\(moments.errors)")
    for table in ["classes.csv", "classes.h5"] {
      let result = try Tool.collapse(
        "measure", folder.file("moments.h5"), "--tokenizer", Places.sample + "/tokenizer.json", "--classes",
        folder.file(table), "--output", folder.file("m.json"))
      #expect(result.status == 0, "\(result.errors)")
    }
    return try folder.names.map { ($0, try folder.read($0)) }
  }

  private func measured(_ folder: TemporaryFolder) throws {
    for (name, bytes) in try Self.made.get() { try folder.write(name, bytes) }
  }

  /// A pipeline of these stages that writes to the folder.
  private func write(_ folder: TemporaryFolder, _ stages: String) throws -> String {
    let lines = stages.split(separator: "\n").map { "  \($0)\n" }.joined()
    return try folder.write(
      "p.yaml", text: "name: p\nparameters: { out: \"\(folder.path)\" }\nstages:\n" + lines)
  }

  private static let unchanged = "page: up to date"

  /// The log lines of a pipeline's stages.
  private static func run(_ pipeline: String) throws -> String {
    let result = try Tool.collapse("run", pipeline)
    #expect(result.status == 0, "\(result.errors)")
    return result.errors
  }

  @Test("The table of classes gives the same report from CSV and from HDF5")
  func hdf5() throws {
    let folder = try TemporaryFolder()
    try measured(folder)
    for (table, report) in [("classes.csv", "csv.html"), ("classes.h5", "hdf5.html")] {
      let result = try Tool.collapse(
        "report", folder.file("m.json"), "--classes", folder.file(table), "--output", folder.file(report))
      #expect(result.status == 0, "\(result.errors)")
    }
    let html = try folder.read("csv.html")
    #expect(html == (try folder.read("hdf5.html")))
    #expect(String(decoding: html, as: UTF8.self).contains(#""name":"nearest_text""#))
    let figures = try FileManager.default.contentsOfDirectory(atPath: folder.file("csv_files"))
    #expect(figures.contains("norm.svg") && figures.count % 2 == 0 && figures.count > 2 * 3)
    for figure in figures {
      #expect(try folder.read("csv_files/\(figure)") == folder.read("hdf5_files/\(figure)"), "\(figure)")
    }
  }

  @Test("An HDF5 file that is not a table of classes is exit 65, and the error says what would be")
  func wrongHDF5() throws {
    let folder = try TemporaryFolder()
    try measured(folder)
    let result = try Tool.collapse(
      "report", folder.file("m.json"), "--classes", folder.file("moments.h5"), "--output", folder.file("r.html"))
    #expect(
      result.status == 65 && result.errors.contains("name a file that measure or compare wrote with --classes"),
      "\(result.errors)"
    )
    #expect(try !folder.names.contains("r.html"))
  }

  @Test("A pipeline remakes its report if a file next to the measurements changed, and only then")
  func remade() throws {
    let folder = try TemporaryFolder()
    try measured(folder)
    try folder.write("timeline.csv", text: "samples,nc1_quotient\n10,3.0\n20,2.0\n20000,1.0\n")
    let pipeline = try write(
      folder,
      """
      page:
        uses: report
        measures: "${out}/m.json"
        classes: "${out}/classes.csv"
        timeline: "${out}/timeline.csv"
      """)
    func run() throws -> String { try Self.run(pipeline) }
    #expect(try !run().contains(Self.unchanged))
    #expect(try run().contains(Self.unchanged))
    for file in ["classes.csv", "timeline.csv"] {
      let before = try folder.read("page.html")
      let text = String(decoding: try folder.read(file), as: UTF8.self)
      var lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      let column = try #require(lines[0].firstIndex { $0 == "type" || $0 == "nc1_quotient" })
      lines[1][column] = file == "classes.csv" ? "word" : "1.25"
      try folder.write(file, text: lines.map { $0.joined(separator: ",") + "\n" }.joined())
      #expect(try !run().contains(Self.unchanged), "\(file)")
      #expect(try folder.read("page.html") != before, "\(file)")
      #expect(try run().contains(Self.unchanged), "\(file)")
    }
  }

  @Test("A pipeline remakes its report if a figure's file is missing, and leaves it alone if all exist")
  func figuresGone() throws {
    let folder = try TemporaryFolder()
    try measured(folder)
    let pipeline = try write(
      folder,
      """
      page: { uses: report, measures: "${out}/m.json", classes: "${out}/classes.csv" }
      """)
    func run() throws -> String { try Self.run(pipeline) }
    _ = try run()
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("page_files")).sorted()
    let page = try folder.read("page.html")
    for gone in ["page_files", "page_files/norm.svg", "page_files/frequency.csv"] {
      try FileManager.default.removeItem(atPath: folder.file(gone))
      #expect(try run().contains("page: will be made: \(folder.file("page_files/"))"), "\(gone)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("page_files")).sorted() == names)
      #expect(try folder.read("page.html") == page)
      #expect(try run().contains(Self.unchanged), "\(gone)")
    }
    try folder.write("page_files/norm.svg", text: "<svg/>")
    #expect(try run().contains("page: will be made: "))
    #expect(try String(decoding: folder.read("page_files/norm.svg"), as: UTF8.self) != "<svg/>")
  }

  @Test("A report finds the timeline where the accumulate stage writes it")
  func timeline() throws {
    let folder = try TemporaryFolder()
    let features = Places.sample + "/train-0*.npy.zst"
    let pipeline = try write(
      folder,
      """
      features: { uses: read, files: "\(features)" }
      moments: { uses: accumulate, from: features, measure-every: 5000, timeline: "${out}/settled.csv" }
      geometry: { uses: measure, moments: moments }
      page: { uses: report, measures: geometry, timeline: moments }
      """)
    let result = try Tool.collapse("run", pipeline)
    // The sample is a single block, so that its timeline has one row, which is no figure.
    #expect(result.status == 0 && result.errors.contains("the timeline has only one row"), "\(result.errors)")
    #expect(try folder.names.contains("settled.csv"))
    #expect(try Tool.collapse("run", pipeline).errors.contains(Self.unchanged))
  }

  @Test("A report on the timeline of a stage without one is refused before anything is read, with its line")
  func noTimeline() throws {
    let folder = try TemporaryFolder()
    let pipeline = try write(
      folder,
      """
      features: { uses: read, files: "\(Places.sample)/train-0*.npy.zst" }
      moments: { uses: accumulate, from: features }
      geometry: { uses: measure, moments: moments }
      page: { uses: report, measures: geometry, timeline: moments }
      """)
    let result = try Tool.collapse("validate", pipeline)
    #expect(result.status == 65 && result.errors.contains("p.yaml:7:"), "\(result.errors)")
    #expect(result.errors.contains("but “moments” writes none\n  → add measure-every: 1e6"))
  }

  @Test("Names of models, groups and a study that look like markup show as text in the report")
  func names() throws {
    let folder = try TemporaryFolder()
    let evil = "<script>alert(1)</script>"
    let rows = (0..<6).map { "\(evil)\($0),\(($0 * 5) % 7),\(($0 * 2) % 5),\($0 < 3 ? evil : "b")\n" }
    let table = try folder.write("t.csv", text: "model,x,val_loss,family\n" + rows.joined())
    let study = try Tool.collapse(
      "study", table, "--property", "\(evil)=x", "--by", "family", "--title", evil, "--output", folder.file("s.json"))
    #expect(study.status == 0, "\(study.errors)")
    let report = try Tool.collapse("report", folder.file("s.json"), "--output", folder.file("s.html"))
    #expect(report.status == 0, "\(report.errors)")
    let html = String(decoding: try folder.read("s.html"), as: UTF8.self)
    #expect(!html.contains("<script"))
    #expect(html.contains("<h1>&lt;script&gt;alert(1)&lt;/script&gt;</h1>"))
    #expect(html.contains("family = &lt;script&gt;"))
    let svg = String(decoding: try folder.read("s_files/property_01.svg"), as: UTF8.self)
    #expect(!svg.contains("<script") && svg.contains("&lt;script&gt;"))
    #expect(String(decoding: try folder.read("s_files/property_01.csv"), as: UTF8.self).contains("\n\(evil)0,"))
  }

  @Test("Figures that a report no longer makes are removed; other files, and figures that were changed, stay")
  func stale() throws {
    let folder = try TemporaryFolder()
    try measured(folder)
    func report(_ arguments: String...) throws -> [String] {
      let all = ["report", folder.file("m.json"), "--output", folder.file("r.html")] + arguments
      let result = try Tool.run(Places.tool, all)
      #expect(result.status == 0, "\(result.errors)")
      let names = try folder.names.contains("r_files")
      return names ? try FileManager.default.contentsOfDirectory(atPath: folder.file("r_files")).sorted() : []
    }
    let always = try report()
    #expect(!always.contains("norm.csv"))
    let all = try report("--classes", folder.file("classes.csv"))
    #expect(all.count == always.count + 6 && all.contains("norm.csv"))
    try folder.write("r_files/mine.svg", text: "<svg/>")
    try folder.write("r_files/norm.csv", text: "changed")
    #expect(try report() == (always + ["mine.svg", "norm.csv"]).sorted())
    // No page lists the changed file any more, so only --force replaces it.
    #expect(try report("--classes", folder.file("classes.csv"), "--force") == (all + ["mine.svg"]).sorted())
    try FileManager.default.removeItem(atPath: folder.file("r_files/mine.svg"))
    #expect(try report() == always)
  }
}
