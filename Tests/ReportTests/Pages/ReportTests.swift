import Foundation
import TestSupport
import Testing

@testable import Report
@testable import Support

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("Reports")
struct ReportTests {
  @Test("The same inputs give the same bytes, without times or places")
  func deterministic() async throws {
    let model = try SampleModel(classes: 300)
    let (first, second) = (try await Report(model.inputs), try await Report(model.inputs))
    #expect(first.html == second.html)
    #expect(first.figures.map(\.svg) == second.figures.map(\.svg))
    #expect(first.figures.map(\.csv) == second.figures.map(\.csv))
    #expect(!first.html.contains(model.folder.path))
    #expect(first.html.contains("gnuplot 5") || first.html.contains("gnuplot 6"))
    #expect(first.remarks == [])
  }

  @Test("Nothing from an input is markup in the page or a figure, or a gnuplot command")
  func escaped() async throws {
    let model = try SampleModel(classes: 300)
    var inputs = model.inputs
    let evil = "</title><script>x</script>\"\u{301}'`touch \(model.folder.file("broken"))`§1§@a{{b}}\n!touch y"
    inputs.title = evil
    let report = try await Report(inputs)
    #expect(report.html.components(separatedBy: "<script").count == 3)
    #expect(report.html.contains(Escaped.markup(evil)))
    #expect(report.html.contains("collapse &lt;b&gt;"))
    #expect(!(try model.folder.names.contains("broken")))
    for figure in report.figures { #expect(XMLParser(data: Data(figure.svg.utf8)).parse(), "\(figure.name)") }
  }

  @Test("A study: one panel per property, every text escaped, and its data in CSV")
  func study() async throws {
    let folder = try TemporaryFolder()
    try folder.write("study.json", text: Self.study)
    let report = try await Report(ReportInputs(measures: [folder.file("study.json")]))
    #expect(report.figures.map(\.name) == ["property_01", "property_02"])
    #expect(
      report.figures[0].csv
        == "model,property,target,n_params,colour_step\n<a>,1,4,1000000,0\nb,10,3,4000000,4\nc,100,2,16000000,7\n")
    #expect(report.figures[1].csv.contains("b,,3,4000000,4\n"))
    #expect(report.html.contains("CDNV &lt;i&gt;") && !report.html.contains("<i>"))
    #expect(report.html.contains("14 of 15 groups by &lt;seed&gt; left out"))
    // Losses 4, 3, 2 are on a line over the logarithm of 1, 10, 100.
    #expect(report.html.contains("R² 0.96, log 1.00"))
    #expect(report.figures[0].svg.contains("1\u{202F}M") && report.figures[0].svg.contains("16\u{202F}M parameters"))
    // For values over more than a decade the axis is logarithmic, with ticks at powers of ten.
    #expect(report.figures[0].svg.contains("<text>10</text>"))
  }

  private static let study = """
    {"study": {"title": "T", "target": {"name": "validation loss", "expression": "val_loss", "values": [4, 3, 2]},
     "models": ["<a>", "b", "c"], "columns": {"n_params": [1e6, 4e6, 16e6]}, "permutations": 100, "seed": 0,
     "properties": [
      {"name": "CDNV <i>", "expression": "cdnv", "values": [1, 10, 100], "n": 3, "r2": 0.96, "pearson": -0.98, "p": 0.02},
      {"name": "norm; quit", "expression": "a \\" b", "values": [1, null, 2], "n": 2, "r2": null}],
     "remarks": ["14 of 15 groups by <seed> left out"], "groups": []}, "provenance": {"tool": "collapse"}}
    """

  @Test(
    "A statistic's remarks are below it, with its value under collapse for narrow screens; others have none")
  func remarks() async throws {
    let model = try SampleModel(classes: 50)
    let html = try await Report(model.inputs).html
    let rows = html.components(separatedBy: "<tr>").filter { $0.contains("<code>nc1_cdnv</code>") }
    #expect(rows.count == 1)
    #expect(
      rows.first?.contains(
        "</code><small>infinite pairs 3</small><small class=\"narrow\">under collapse: → 0</small></th>") == true)
    #expect(html.contains("<code>tokens</code></th>") && !html.contains("<small></small>"))
  }

  @Test("Several models are compared; inputs for a single model are refused with them, and with a study")
  func comparison() async throws {
    let folder = try TemporaryFolder()
    let files = try [100, 200].map { try folder.write("m\($0).json", text: SampleModel.measures(classes: $0)) }
    let report = try await Report(ReportInputs(measures: files))
    #expect(report.figures.map(\.name) == ["nc1_cdnv_mean", "nc2_norm_cv", "nc4_agreement"])
    #expect(report.figures[0].csv == "model,row,nc1_cdnv_mean\nm100,2,0.48\nm200,1,0.48\n")
    #expect(report.html.contains("<td class=\"number\">100</td><td class=\"number\">200</td>"))
    let study = [try folder.write("study.json", text: Self.study)]
    for measures in [files, study] {
      for other in [
        ReportInputs(measures: measures, classes: "x"), ReportInputs(measures: measures, histograms: "x"),
        ReportInputs(measures: measures, timeline: "x"), ReportInputs(measures: measures, tokenizer: "x"),
      ] {
        let error = await #expect(throws: ReportError.self) { try await Report(other) }
        #expect(error?.diagnosis.file == "x")
      }
    }
  }

  @Test("Without gnuplot the error names Debian's package")
  func noGnuplot() async throws {
    let model = try SampleModel(classes: 20)
    let error = await #expect(throws: ReportError.self) {
      try await Report(model.inputs, gnuplot: "no-such-gnuplot")
    }
    #expect(error?.isBadInput == false)
    #expect(error?.diagnosis.expected == "gnuplot, which draws the figures")
    #expect(error?.diagnosis.found == "no such program")
    #expect(error?.diagnosis.advice.contains("gnuplot-nox") == true)
  }

  @Test("Files that are not measurements, or a table of other classes, are an error that says so")
  func wrong() async throws {
    let model = try SampleModel(classes: 20)
    let folder = model.folder
    let other = try folder.write("x.json", text: "{\"x\": 1}")
    let fewer = try folder.write("few.csv", text: "token,count\n1,2\n")
    let bad = try folder.write("bad.csv", text: "token,count\n1,two\n")
    let histograms = try folder.write("h.csv", text: "a,b\n1,2\n")
    let wrong = [
      ReportInputs(measures: [other]), ReportInputs(measures: model.inputs.measures, classes: fewer),
      ReportInputs(measures: model.inputs.measures, classes: bad),
      ReportInputs(measures: model.inputs.measures, histograms: histograms),
      ReportInputs(measures: model.inputs.measures, timeline: histograms),
    ]
    for (inputs, file) in zip(wrong, [other, fewer, bad + ":2:3", histograms, histograms]) {
      let error = await #expect(throws: (any Error).self) { try await Report(inputs) } as? any DiagnosedError
      #expect(error?.isBadInput == true && error?.diagnosis.file == file)
    }
  }
}
