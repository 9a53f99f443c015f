import Testing

@testable import Formats
@testable import Plan
@testable import Stages

@Suite("Options of accumulate")
struct AccumulateStageTests {
  @Test("A vocabulary bounds the classes, and so do the rows of the stream if given")
  func classes() {
    func most(_ vocabulary: String?, rows: Int?) -> Int? {
      var description = StageDescription(name: "m", kind: Located("accumulate", .option("accumulate")))
      if let vocabulary {
        let place = SourcePosition.option("--vocabulary")
        description.options["vocabulary"] = .init(place, [Located(vocabulary, place)])
      }
      var decoder = OptionDecoder(description, AccumulateStage.options)
      var shape = StreamShape(dimension: 4, scalar: .float32)
      shape.maximumRows = rows
      return AccumulateStage(decoding: &decoder).maximumClasses(shape)
    }
    #expect(most("50257", rows: nil) == 50257 && most("50257", rows: 60) == 60 && most("50", rows: 60) == 50)
    #expect(most(nil, rows: 60) == nil)
  }

  @Test("A vocabulary is no larger than all token ids allow")
  func vocabulary() throws {
    func problems(_ value: String, at place: SourcePosition) -> [String] {
      var description = StageDescription(name: "m", kind: Located("accumulate", place))
      for (name, value) in ["from": "read", "vocabulary": value] {
        description.options[name] = .init(place, [Located(value, place)])
      }
      var decoder = OptionDecoder(description, AccumulateStage.options)
      _ = AccumulateStage(decoding: &decoder)
      return decoder.problems.map(\.description)
    }
    for place in [SourcePosition.option("--vocabulary"), .file("p.yaml", line: 4, column: 5)] {
      for value in ["1", "50257", "2147483647"] { #expect(problems(value, at: place).isEmpty) }
      for value in ["0", "2147483648", "9223372036854775807"] {
        #expect(problems(value, at: place).joined().contains("from 1 to 2147483647 for vocabulary, found “\(value)”"))
      }
    }
  }
}
