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
    "nc1_cdnv_mean,nc1_cdnv_squared_mean,nc2_log_norm_std,nc2_log_norm_mean,nc2_interference_std,nc2_interference_mean,gnc2_log_std,"
    + "gnc2_log_mean,nc3_cosine_mean,nc3_cosine_std,nc4_agreement"

  private let later =
    "cdnv,norms_mean,norms_var,interfere_mean,interfere_var,log_kern_mean,log_kern_var,simcos_mean,simcos_var,hits,"
    + "misses,norms_log_mean,norms_log_var"

  @Test("All seven of Table 1 are found in the columns of both of the authors' tables, and in those of measure")
  func all() throws {
    for columns in [authors, later, own] {
      let found = try study(columns)
      #expect(
        found.findings.map(\.property.name) == [
          "NC1 within-class variability", "NC2 equinormness", "NC2 equiangularity", "GNC2 hyperspherical uniformity",
          "NC3 self-duality", "UNC3 uniform duality", "NC4 classifier agreement",
        ])
      #expect(found.remarks.allSatisfy { !$0.hasPrefix("no columns") })
    }
  }

  @Test("NC1 is the variant with the fourth power, also if the other is there")
  func fourthPower() throws {
    #expect(try study(own).findings[0].property.expression.text == "nc1_cdnv_squared_mean")
    #expect(try study("nc1_cdnv_mean,sims_mean").remarks.contains { $0.contains("NC1 within-class variability") })
  }

  @Test("The authors' later columns are variances; a remark says that its inner products are another quantity")
  func variances() throws {
    let found = try study(later)
    #expect(
      found.findings.map(\.property.expression.text) == [
        "cdnv", "sqrt(norms_log_var) / norms_log_mean", "sqrt(interfere_var) / interfere_mean",
        "sqrt(log_kern_var) / log_kern_mean", "simcos_mean", "sqrt(simcos_var) / simcos_mean", "hits",
      ])
    #expect(found.remarks.filter { $0.hasPrefix("NC2 equiangularity: ") }.count == 1)
    #expect(try study(authors).remarks.isEmpty && study(own).remarks.isEmpty)
  }

  @Test("Those that depend on the scale of features are named, in the columns of either table", arguments: [0, 1, 2])
  func scale(table: Int) throws {
    let columns = [authors, later, own][table]
    var options = StudyOptions()
    (options.standard, options.permutations, options.bootstrap) = (.ofThePaper, 10, 10)
    options.doubling = FeatureScale.doubling
    let row = columns.split(separator: ",").map { _ in "1.5" }.joined(separator: ",")
    let text = "model,val_loss,\(columns)\na,1,\(row)\nb,2,\(row)\n"
    let remarks = try Study(of: Table(csv: Array(text.utf8), file: "t.csv"), options).remarks
    #expect(
      remarks.last
        == "NC1 within-class variability, NC2 equinormness: doubling the features changes this, "
        + "and models need not share a scale")
  }

  @Test("A property that lacks a column is named, and taken from the other set if that has it")
  func some() throws {
    let found = try study("sims_mean,nc3_cosine_std,nc3_cosine_mean,log_dist_std")
    #expect(found.findings.map(\.property.expression.text) == ["sims_mean", "nc3_cosine_std / nc3_cosine_mean"])
    #expect(found.remarks.contains { $0.hasPrefix("no columns for NC1 within-class variability, NC2 equinormness") })
  }
}
