import Engine
import Plan
import Storage

/// Which sequences of a stream are passed on: of every k the first, counted in each input of its own, as ``TokenPairing`` does.
///
/// Where sequences end is what is said here, else what the stream says: where tokens are apart from features, and of files with
/// a group for each of several sequences.
struct SequenceChoice: Sendable {
  let every: Int
  let endOfText: Int32?
  let samples: Int?

  /// Whether what is passed on of a sample depends on those before it.
  var remembers: Bool { endOfText != nil }
}

/// The options that say so.
struct SequenceOptions: Settings {
  static let settings: [Setting<Self>] = [
    .init(\.every, "every-sequence", "k, to pass on each k-th sequence of each input, the first one first"),
    .init(
      \.endOfText, "end-of-text", "the label with which a sequence ends, of a stream that does not say where they end"),
    .init(\.samples, "sequence-samples", "samples of each sequence, of a stream that does not say where they end"),
  ]

  private var every: Int?
  private var endOfText: Int32?
  private var samples: Int?

  init() {}

  func settle(_ decoder: inout OptionDecoder) {
    let bounds = ["end-of-text", "sequence-samples"].compactMap { decoder.located($0) }
    if bounds.count > 1 {
      decoder.complain(
        bounds[1].place, "expected one of end-of-text and sequence-samples, found both",
        advice: "say once where sequences end")
    }
    if decoder.located("every-sequence") == nil, let place = bounds.first?.place {
      decoder.complain(
        place, "where sequences end, but nothing to do with them", advice: "add every-sequence, or leave it out")
    }
  }

  /// Nil where none is asked for.
  var choice: SequenceChoice? {
    every.map { SequenceChoice(every: $0, endOfText: endOfText, samples: samples) }
  }
}

/// Tells the sequences of samples apart as they come.
struct SequenceSieve {
  private let choice: SequenceChoice
  private let stage: String
  /// Inputs before the last sample's.
  private var input = 0
  /// Ends of text in that input.
  private var ends = 0

  init(_ choice: SequenceChoice, stage: String) { (self.choice, self.stage) = (choice, stage) }

  var memory: [Int] {
    get { [input, ends] }
    set { if newValue.count == 2 { (input, ends) = (newValue[0], newValue[1]) } }
  }

  /// The sample, of a sequence that is passed on; its number is that among these. Throws ``StreamError`` where nothing says
  /// where sequences end.
  mutating func pass(_ sample: PassingSample) throws -> PassingSample? {
    let (number, isBetween) = try number(of: sample).quotientAndRemainder(dividingBy: choice.every)
    guard isBetween == 0 else { return nil }
    var sample = sample
    sample.sequence = number
    return sample
  }

  private mutating func number(of sample: PassingSample) throws -> Int {
    if let samples = choice.samples { return sample.row / samples }
    if let endOfText = choice.endOfText {
      if sample.input != input { (input, ends) = (sample.input, 0) }
      let number = ends
      if sample.label == endOfText { ends += 1 }
      return number
    }
    if let sequence = sample.sequence { return sequence }
    throw StreamError(
      .badOrder, position: "stage “\(stage)”", expected: "a stream that says where sequences end",
      found: "labels and features alone",
      advice:
        "say it there: end-of-text, with the label that ends one, or sequence-samples; or read tokens apart from features"
    )
  }
}
