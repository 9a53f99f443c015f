import Foundation
import Testing

@testable import Report
@testable import Support

@Suite("Headlines")
struct HeadlineTests {
  @Test("Headlines are at what those words say")
  func headlines() {
    for headline in Headline.all {
      let words = StatisticNotes.note(headline.path[0]).collapse.components(separatedBy: ", ")
      let part = headline.path.dropFirst().first.flatMap { ["std", "cv"].contains($0) ? "\($0) " : nil } ?? ""
      #expect(words.contains("\(part)→ \(Numerals.short(headline.collapsed))"), "\(headline.name): \(words)")
    }
  }

  @Test("A headline is a number of the measurements by its path, or nothing")
  func values() throws {
    let text = "{\"nc1_cdnv\": {\"mean\": 0.5}, \"nc2_norm\": {\"cv\": null}, \"nc4\": 3, \"nc5_ood_deviation\": 2}"
    let json = try JSONValue(parsing: Array(text.utf8))
    #expect(Headline.all.map { $0.value(in: json) } == [0.5, nil, nil, nil, nil, nil, 2])
    #expect(Headline.all.first?.id == "nc1_cdnv_mean" && Headline.all.last?.id == "nc5_ood_deviation")
    #expect(Set(Headline.all.map(\.id)).count == 7 && Headline.all[4].underCollapse == "under collapse: 1")
  }
}
