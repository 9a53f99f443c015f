import Testing

@testable import Stages
@testable import Study

@Suite("The properties of the paper")
struct StandardPropertiesTests {
  private func study(_ columns: String) throws -> Study {
    var options = StudyOptions()
    (options.standard, options.permutations, options.bootstrap) = (.ofThePaper, 10, 10)
    let row = columns.split(separator: ",").map { _ in "1" }.joined(separator: ",")
    return try Study(of: Table(csv: Array("model,val_loss,\(columns)\na,1,\(row)\n".utf8), file: "t.csv"), options)
  }

  private let authors =
    "cdnv_mean,norms_log_std,norms_log_mean,interfere_std,interfere_mean,log_dist_std,log_dist_mean,sims_mean,sims_std,"
    + "matches"
  private let own =
    "nc1_cdnv_mean,nc2_log_norm_std,nc2_log_norm_mean,nc2_interference_std,nc2_interference_mean,gnc2_log_std,"
    + "gnc2_log_mean,nc3_cosine_mean,nc3_cosine_std,nc4_agreement"

  @Test("All seven of Table 1 are found in the authors' columns, and in those of measure")
  func all() throws {
    for columns in [authors, own] {
      let found = try study(columns)
      #expect(
        found.findings.map(\.property.name) == [
          "NC1 within-class variability", "NC2 equinormness", "NC2 equiangularity", "GNC2 hyperspherical uniformity",
          "NC3 self-duality", "UNC3 uniform duality", "NC4 classifier agreement",
        ])
      #expect(found.remarks.allSatisfy { !$0.hasPrefix("no columns") })
    }
  }

  @Test("A property that lacks a column is named, and taken from the other set if that has it")
  func some() throws {
    let found = try study("sims_mean,nc3_cosine_std,nc3_cosine_mean,log_dist_std")
    #expect(found.findings.map(\.property.expression.text) == ["sims_mean", "nc3_cosine_std / nc3_cosine_mean"])
    #expect(found.remarks.contains { $0.hasPrefix("no columns for NC1 within-class variability, NC2 equinormness") })
  }
}
