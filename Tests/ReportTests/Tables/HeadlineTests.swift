import Foundation
import Testing

@testable import Geometry
@testable import Report
@testable import Support

@Suite("Headlines")
struct HeadlineTests {
  @Test("A headline is the number at its path in the measurements, or nothing")
  func values() throws {
    let text = "{\"nc1_cdnv\": {\"mean\": 0.5}, \"nc2_norm\": {\"cv\": null}, \"nc4\": 3, \"nc5_ood_deviation\": 2}"
    let json = try JSONValue(parsing: Array(text.utf8))
    let known = Headline.all.filter { $0.value(in: json) != nil }
    #expect(known.map(\.id) == ["nc1_cdnv_mean", "nc5_ood_deviation"] && known.map { $0.value(in: json) } == [0.5, 2])
    #expect(Headline.all.map(\.entry) == Statistics.entries.filter { $0.headline != nil })
    let cosine = try #require(Headline.all.first { $0.id == "nc3_cosine_mean" })
    #expect(cosine.underCollapse(in: json) == "under collapse: 1")
    #expect(cosine.name == "NC3 · cosine, mean")
  }

  @Test("With too many classes for a simplex, the value under collapse is what they can still reach")
  func floors() throws {
    func collapsed(_ sizes: String) throws -> Double {
      let json = try JSONValue(parsing: Array(sizes.utf8))
      return try #require(Headline.all.first { $0.id == "nc2_interference_std" }).collapsed(in: json)
    }
    #expect(try collapsed(#"{"classes": 4, "dimension": 2}"#) == (1.0 / 2).squareRoot() * 2 / 3)
    for sizes in [#"{"classes": 3, "dimension": 2}"#, #"{"classes": 4}"#, #"{"classes": 4, "dimension": 0}"#, "{}"] {
      #expect(try collapsed(sizes) == 0, "\(sizes)")
    }
  }
}
