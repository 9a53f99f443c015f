import Engine
import Formats
import Moments
import Plan

/// `accumulate`: the moments of every token class of a stream, in one pass.
public struct AccumulateStage: StreamTakingStage {
  public static let name = "accumulate"
  public static let summary = "the moments of every token class of a stream, in one pass"
  public static let product = Product.moments
  public static let fileExtension: String? = "h5"
  public static let options = [
    OptionSpec("from", "the stream", .reference(.stream, orFile: false), required: true),
    OptionSpec(
      "within",
      "within-class scatter to keep: none (its trace only), pooled (d×d, for nc1_pinv and nc1_svd) or pooled-single (to about 1e-6, twice as fast)",
      .choice(of: WithinScatter.self)),
    OptionSpec(
      "vocabulary", "V: a label must be below it; else it grows with the labels seen",
      .count(atMost: OptionType.mostTokens)),
    OptionSpec("threads", "threads that fold rows; by default what the job was given", .count()),
    OptionSpec(
      "memory",
      "most the process may take, as in 4GiB, by default nine tenths of what the job was given; means of rare classes that find no room go to scratch",
      .bytes),
    OptionSpec("scratch", "folder for what finds no room in memory; by default that of the output", .folder),
    OptionSpec(
      "measure-every",
      "samples, as in 1e6, after each of which statistics that take no sweep over pairs go to the timeline; O(K·d²) each time",
      .amount()),
    OptionSpec(
      "timeline", "where measure-every writes them (CSV); by default moments.timeline.csv beside moments.h5", .output),
    CheckpointInterval.spec,
    ShardRule.specs[0], ShardRule.specs[1],
    OptionSpec("output", "the state file to write (HDF5)", .output),
  ]

  let within: WithinScatter
  let vocabulary: Int?
  let threads: Int
  let memory: Int?
  let scratch: Located<String>?
  let measureEvery: Located<Int>?
  let timeline: Located<String>?
  let checkpoint: CheckpointInterval
  package let shards: ShardRule?
  public let output: Located<String>?

  public init(decoding decoder: inout OptionDecoder) {
    within = decoder.choice("within", WithinScatter.none)
    vocabulary = decoder.count("vocabulary", atMost: OptionType.mostTokens)
    threads = decoder.count("threads") ?? Allowance.threads
    memory = decoder.bytes("memory")
    scratch = decoder.folder("scratch")
    measureEvery = decoder.amount("measure-every", within: 1...1 << 53).flatMap { amount in
      decoder.located("measure-every").map { Located(amount, $0.place) }
    }
    timeline = decoder.located("timeline")
    checkpoint = decoder.checkpointInterval()
    shards = ShardRule(decoding: &decoder)
    output = decoder.located("output")
    if let shards, let measureEvery {
      decoder.complain(
        measureEvery.place, "expected measure-every or \(shards.option), found both: shards have no common timeline",
        advice: "leave one of them out")
    }
    if let timeline, decoder.located("measure-every") == nil {
      decoder.complain(
        timeline.place, "expected measure-every with timeline",
        advice: "write, for example, \(timeline.place.example("measure-every", "1e6")), or leave timeline out")
    }
  }

  /// Classes at most, where the vocabulary was given: no more than the stream has rows.
  func mostClasses(_ shape: StreamShape?) -> Int? { vocabulary.map { min($0, shape?.mostRows ?? .max) } }

  public var recipe: [String: String] {
    [
      "within": within.rawValue, "vocabulary": vocabulary.map { "\($0)" },
      "measure-every": measureEvery.map { "\($0.value)" },
    ].compactMapValues(\.self)
  }

  public var outputs: [Located<String>] { [output, timeline].compactMap { $0 } }

  package static let mergedBy: (kind: any StageKind.Type, option: String)? = (MergeStage.self, "states")

  package static let sideOutputs = [SideOutput("timeline", request: "measure-every: 1e6")]

  package func sideOutput(_ name: String, beside artefact: String) -> String? {
    name == "timeline" && measureEvery != nil ? timeline?.value ?? Timeline.file(beside: artefact) : nil
  }

  public func checkPlaces(_ artefact: String?, _ problems: inout [Problem]) {
    guard let measureEvery, timeline == nil, artefact == nil else { return }
    problems.append(
      Problem(
        measureEvery.place, "expected a place for the timeline, found none: the state is kept nowhere",
        advice: "add timeline: or output:"))
  }

  package func consumer(
    name: String, files: [String: [String]], output: String, context: RunContext
  ) -> any StreamConsumer {
    Accumulation(self, name: name, output: output, context: context)
  }
}
