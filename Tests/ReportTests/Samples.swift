import Foundation
import TestSupport

@testable import Artefacts
@testable import Geometry
@testable import Report

/// Files of a model with many classes, made by a formula.
struct SampleModel {
  let folder: TemporaryFolder
  let classes: Int
  let counts: [Int]
  let norms: [Double]
  let cosines: [Double]
  let samples: [Int]
  let hits: [Int]

  /// Texts that a page, a script or gnuplot might interpret.
  static let texts = [
    "<script>", "</script><script>window.broken = true</script>", "\"><img src=x onerror=alert(1)>", "a,\"b\"'c'",
    " the", "`touch broken`", "@x §0§ {{title}} $data", "日本", "&amp;", "<!--",
    "\u{D4E}<img src=x onerror=alert(1)>", "\u{D4E}\"\u{301}; system('touch broken'); \"",
  ]

  init(classes: Int) throws {
    folder = try TemporaryFolder()
    self.classes = classes
    counts = (0..<classes).map { 1_000_000 / ($0 + 1) + 1 }
    // All different, with three decimals.
    norms = (0..<classes).map { 10 + Double($0 * 7919 % 30_011) / 1000 }
    cosines = (0..<classes).map { cos(Double($0) * 0.7) * 0.9 }
    samples = (0..<classes).map { $0 % 9 }
    hits = samples.enumerated().map { $1 == 0 ? 0 : $0 % $1 }
    var csv = "token,text,type,count,norm,variance,mean_cdnv,nearest_token,nearest_text,nearest_coherence,cosine,"
    csv += "nc4_samples,nc4_hits\n"
    for row in 0..<classes {
      let text = row < Self.texts.count ? Self.texts[row] : " token\(row)"
      csv += "\(row),\(Self.quoted(text)),word,\(counts[row]),\(norms[row]),2.5,,\((row + 1) % classes),x,0.5,"
      csv += "\(cosines[row]),\(samples[row]),\(hits[row])\n"
    }
    try folder.write("classes.csv", text: csv)
    try folder.write("histograms.csv", text: Self.histograms)
    try folder.write("timeline.csv", text: Self.timeline)
    try folder.write("m.json", text: Self.measures(classes: classes))
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
  }

  var inputs: ReportInputs {
    ReportInputs(
      measures: [folder.file("m.json")], classes: folder.file("classes.csv"),
      histograms: folder.file("histograms.csv"), timeline: folder.file("timeline.csv"))
  }

  static let histograms = """
    statistic,lower,upper,pairs
    nc1_cdnv,0.0,0.125,4
    nc1_cdnv,0.125,0.25,40
    nc1_cdnv,0.25,0.5,60
    nc1_cdnv,0.5,inf,2
    nc2_interference,-0.5,0.0,30
    nc2_interference,0.0,0.25,50
    nc2_interference,0.25,1.0,20

    """

  static let timeline = """
    samples,classes,repeated_classes,nc1_quotient,nc2_norm_cv,nc1_pinv
    1000,80,40,2.0,0.5,
    2000,90,60,1.5,0.4,0.02
    20000,100,80,1.0,0.25,0.01

    """

  static func measures(classes: Int) -> String {
    """
    {"tokens": 20000, "classes": \(classes), "dimension": 64, "nc1_quotient": 0.9443406925,
     "nc1_cdnv": {"mean": 0.48, "std": 0.57, "infinite_pairs": 3},
     "nc2_norm": {"mean": 10.8, "std": 2.8, "cv": 0.26}, "nc2_etf_error": null,
     "nc4": {"samples": 3000, "hits": 433, "agreement": 0.144333, "accuracy": 0.3033, "ncc_accuracy": 0.0943},
     "bands": [{"band": 1, "classes": 2, "smallest_count": 1, "largest_count": 3, "samples": 4,
       "measures": {"nc1_cdnv": {"mean": 0.25, "std": 0.1}}},
      {"band": 2, "classes": 1, "smallest_count": 4, "largest_count": 4, "samples": 4, "measures": null, "reason": "x"}],
     "provenance": {"tool": "collapse <b>", "types": true, "min_count": 1}}
    """
  }
}

extension ClassTable {
  /// A table in the format of `measure --classes`.
  init(csv: String) throws {
    let folder = try TemporaryFolder()
    self = try withExtendedLifetime(folder) { try ClassesReader(folder.write("classes.csv", text: csv)).table }
  }
}
