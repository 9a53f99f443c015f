import Foundation
import TestSupport
import Testing

@testable import Artefacts
@testable import Geometry
@testable import Report
@testable import Support

/// Tables may come from anyone: an impossible count is shown as it is, and an impossible figure is not drawn.
@Suite("Absurd numbers in a report's files")
struct HostileNumbersTests {
  private static let extremes = [
    "1e300", "-1e300", "9223372036854775808", "5e-324", "1.7976931348623157e308", "0", "nan",
  ]

  @Test("A histogram of values too far apart, or too close together, is left out")
  func histograms() throws {
    let folder = try TemporaryFolder()
    func isDrawn(_ norms: String...) throws -> Bool {
      let lines = norms.enumerated().map { "\($0),x,word,5,\($1),1,,0,x,0.5,0.1,1,1\n" }.joined()
      let header =
        "token,text,type,count,norm,variance,mean_cdnv,nearest_token,nearest_text,nearest_coherence,cosine,nc4_samples,nc4_hits\n"
      let file = try folder.write("c.csv", text: header + lines)
      return try ClassFigures(rows: ClassesReader(file).table).histogram(of: ClassFigures.norms) != nil
    }
    #expect(try isDrawn("1", "2", "3"))
    #expect(try !isDrawn("-1.7e308", "1.7e308"))
    #expect(try !isDrawn("0", "5e-324"))
  }

  @Test("A table with such numbers in any column gives a page or an error", arguments: extremes)
  func pages(extreme: String) async throws {
    let model = try SampleModel(classes: 40)
    let json = try JSONValue(parsing: model.folder.read("m.json"))
    func page() throws { _ = try ModelPage(json: json, checksum: "", inputs: model.inputs).content() }
    try page()
    for (file, columns) in [("classes.csv", 3..<13), ("histograms.csv", 1..<4), ("timeline.csv", 0..<6)] {
      let text = String(decoding: try model.folder.read(file), as: UTF8.self)
      for column in columns {
        var lines = text.split(separator: "\n").map(String.init)
        for row in lines.indices.dropFirst() where row % 3 == 0 || row == lines.count - 1 {
          var fields = lines[row].components(separatedBy: ",")
          guard !lines[row].contains("\""), column < fields.count else { continue }
          fields[column] = extreme
          lines[row] = fields.joined(separator: ",")
        }
        try model.folder.write(file, text: lines.joined(separator: "\n") + "\n")
        do {
          try page()
        } catch is any DiagnosedError {}
      }
      try model.folder.write(file, text: text)
    }
  }

  @Test("gnuplot draws impossible counts")
  func drawn() async throws {
    let model = try SampleModel(classes: 40)
    let text = String(decoding: try model.folder.read("classes.csv"), as: UTF8.self)
    try model.folder.write("classes.csv", text: text.replacingOccurrences(of: ",word,1000001,", with: ",word,1e300,"))
    let report = try await Report(model.inputs)
    #expect(report.html.contains("has 1e+300 samples"))
  }
}
