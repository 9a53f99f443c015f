import Testing

@testable import Study

@Suite("The standard properties")
struct StandardPropertiesTests {
  private func of(_ columns: String) throws -> (found: [Property], absent: [String]) {
    try StandardProperties.of(Table(csv: Array("\(columns)\n".utf8), file: "t.csv"))
  }

  @Test("All seven are there of the authors' columns, and of those of measure")
  func all() throws {
    let authors =
      "model,cdnv_mean,norms_log_std,norms_log_mean,interfere_std,interfere_mean,log_dist_std,log_dist_mean,"
      + "sims_mean,sims_std,matches"
    let own =
      "nc1_cdnv_mean,nc2_log_norm_std,nc2_log_norm_mean,nc2_interference_std,nc2_interference_mean,gnc2_log_std,"
      + "gnc2_log_mean,nc3_cosine_mean,nc3_cosine_std,nc4_agreement"
    for columns in [authors, own] {
      let (found, absent) = try of(columns)
      #expect(
        found.map { String($0.name.prefix { $0 != " " }) } == ["NC1", "NC2", "NC2", "GNC2", "NC3", "UNC3", "NC4"])
      #expect(absent.isEmpty)
    }
    #expect(try of("\(own),\(authors)").found.map(\.expression.text) == of(authors).found.map(\.expression.text))
  }

  @Test("One that lacks a column is named, and taken from the other set where that has it")
  func some() throws {
    let (found, absent) = try of("sims_mean,nc3_cosine_std,nc3_cosine_mean,log_dist_std")
    #expect(found.map(\.expression.text) == ["sims_mean", "nc3_cosine_std / nc3_cosine_mean"])
    #expect(found.map(\.name) == ["NC3 self-duality", "UNC3 uniform duality"])
    #expect(
      absent == [
        "NC1 within-class variability", "NC2 equinormness", "NC2 equiangularity", "GNC2 hyperspherical uniformity",
        "NC4 classifier agreement",
      ])
  }

  @Test("A table with none is refused with its columns, the first twelve of them")
  func none() {
    let few = #expect(throws: StudyError.self) { try of("x,y") }
    #expect(few?.diagnosis.found == "x, y")
    let many = #expect(throws: StudyError.self) { try of((1...13).map { "c\($0)" }.joined(separator: ",")) }
    #expect(many?.diagnosis.found == (1...12).map { "c\($0)" }.joined(separator: ", ") + ", …")
  }
}
