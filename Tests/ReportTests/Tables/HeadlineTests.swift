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
    #expect(cosine.underCollapse == "under collapse: 1" && cosine.name == "NC3 · cosine, mean")
  }
}
