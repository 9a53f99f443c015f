import Testing

@testable import Study

@Suite("Remarks on properties that depend on scale")
struct ScaleRemarkTests {
  private func remarks(_ properties: [String], rows: String = "a,1,4,2,1\nb,2,5,3,2\nc,3,,5,4\n") throws -> [String] {
    var options = StudyOptions()
    (options.permutations, options.bootstrap, options.properties) = (10, 10, properties)
    options.doubling = ["norm_mean": { $0 * 2 }, "norm_std": { $0 * 2 }]
    let table = "model,norm_mean,norm_std,angle,val_loss\n" + rows
    return try Study(of: try Table(csv: Array(table.utf8), file: "t.csv"), options).remarks
  }

  @Test("Only properties whose values change are named: a quotient of two lengths is not")
  func changed() throws {
    #expect(try remarks(["angle", "norm_std / norm_mean"]).isEmpty)
    #expect(
      try remarks(["N=norm_mean", "angle", "log(norm_std)"])
        == ["N, log(norm_std): doubling the features changes this, and models need not share a scale"])
  }

  @Test("One model alone is not compared with others")
  func one() throws {
    #expect(try remarks(["norm_mean"], rows: "a,1,4,2,1\n").isEmpty)
  }
}
