import Engine
import Plan
import Storage

/// Which sequences of a stream are passed on: the first of every k, counted separately in each input, as in
/// ``TokenAlignment``.
///
/// These options mark where sequences end. Without them the stream does, if its tokens and features are in separate
/// files, or if its files have a group per sequence.
struct SequenceOptions: Settings {
  static let settings: [Setting<Self>] = [
    .init(\.every, "every-sequence", "k: pass on every k-th sequence of each input, starting with the first"),
    .init(
      \.endOfText, "end-of-text", "the label that ends a sequence, for a stream that does not mark sequences"),
    .init(\.samples, "sequence-samples", "samples per sequence, for a stream that does not mark sequences"),
  ]

  private(set) var every: Int?
  fileprivate var endOfText: Int32?
  fileprivate var samples: Int?

  init() {}

  /// Whether passing a sample on depends on the samples before it.
  var remembers: Bool { endOfText != nil }

  func finishDecoding(_ decoder: inout OptionDecoder) {
    let bounds = ["end-of-text", "sequence-samples"].compactMap { decoder.located($0) }
    if bounds.count > 1 {
      decoder.addProblem(
        bounds[1].place, "expected one of end-of-text and sequence-samples, found both",
        advice: "leave one of them out")
    }
    if decoder.located("every-sequence") == nil, let place = bounds.first?.place {
      decoder.addProblem(
        place, "sequence ends have no use without every-sequence", advice: "add every-sequence, or leave this out")
    }
  }

}

/// Selects samples by sequence as they arrive.
struct SequenceFilter {
  private let choice: SequenceOptions
  private let stage: String
  /// Index of the last sample's input.
  private var input = 0
  /// Ends of text so far in that input.
  private var ends = 0

  init(_ choice: SequenceOptions, stage: String) { (self.choice, self.stage) = (choice, stage) }

  var memory: [Int] {
    get { [input, ends] }
    set { if newValue.count == 2 { (input, ends) = (newValue[0], newValue[1]) } }
  }

  /// The sample if its sequence is passed on, numbered among the passed sequences; else nil. Throws ``StreamError`` if
  /// nothing marks where sequences end.
  mutating func pass(_ sample: SampleInFlight) throws -> SampleInFlight? {
    let (number, isBetween) = try number(of: sample).quotientAndRemainder(dividingBy: choice.every ?? 1)
    guard isBetween == 0 else { return nil }
    var sample = sample
    sample.sequence = number
    return sample
  }

  private mutating func number(of sample: SampleInFlight) throws -> Int {
    if let samples = choice.samples { return sample.row / samples }
    if let endOfText = choice.endOfText {
      if sample.input != input { (input, ends) = (sample.input, 0) }
      let number = ends
      if sample.label == endOfText { ends += 1 }
      return number
    }
    if let sequence = sample.sequence { return sequence }
    throw StreamError(
      .badOrder, position: "stage “\(stage)”", expected: "a stream that marks where sequences end",
      found: "labels and features alone",
      advice:
        "give the stage end-of-text, with the label that ends a sequence, or sequence-samples; or read tokens from their own files"
    )
  }
}
