import Artefacts
import Storage
import Support

/// The input files of a report.
package struct ReportInputs: Sendable {
  /// Measurements, one file per model; or one study, or one comparison of two states.
  package var measures: [String]
  /// The table of token classes of a single model, CSV or HDF5.
  package var classes: String?
  /// The histograms of its pair statistics.
  package var histograms: String?
  /// The eigenvalues of its spectra.
  package var eigenvalues: String?
  /// The timeline of its state.
  package var timeline: String?
  /// The tokenizer, for a class table without token texts.
  package var tokenizer: String?
  /// The title; by default it follows from the file name.
  package var title: String?

  package init(
    measures: [String], classes: String? = nil, histograms: String? = nil, eigenvalues: String? = nil,
    timeline: String? = nil, tokenizer: String? = nil, title: String? = nil
  ) {
    (self.measures, self.classes, self.histograms) = (measures, classes, histograms)
    self.eigenvalues = eigenvalues
    (self.timeline, self.tokenizer, self.title) = (timeline, tokenizer, title)
  }

  /// Throws ``ReportError`` if an input belongs to a single model.
  func checkNothingOfOneModel(beside other: String, found: String) throws {
    guard let file = classes ?? histograms ?? eigenvalues ?? timeline ?? tokenizer else { return }
    throw ReportError(
      file: file, expected: "no table of classes, histograms, eigenvalues, timeline or tokenizer with \(other)",
      found: found,
      advice: "use it in a report of its one model, and leave it out with \(other)")
  }

  /// A document, and the checksum of its bytes.
  static func read(_ file: String) throws -> (json: JSONValue, checksum: String) {
    let (json, bytes) = try WholeFile.json(
      file, limit: MeasuresReader.largest, kind: "measurements, a study or a comparison")
    return (json, FigureList.sum(bytes))
  }

  /// Names of models from their files: the fewest trailing path components that tell them apart, without a common
  /// ending. For `out/a/measures.json` and `out/b/measures.json`: `a` and `b`.
  static func names(_ files: [String]) -> [String] {
    var paths = files.map { file in
      Array(file.split(separator: "/").map(String.init).dropLast()) + [name(file)]
    }
    guard Set(paths).count > 1 else { return paths.map { $0.last ?? "" } }
    while Set(paths.map(\.last)).count == 1, paths.allSatisfy({ $0.count > 1 }) {
      paths = paths.map { $0.dropLast() }
    }
    func names(_ parts: Int) -> [String] { paths.map { $0.suffix(parts).joined(separator: "/") } }
    let wanted = Set(paths).count
    return names((1...(paths.map(\.count).max() ?? 1)).first { Set(names($0)).count == wanted } ?? 1)
  }

  /// The last path component without its extension.
  static func name(_ file: String) -> String {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    return name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
  }
}
