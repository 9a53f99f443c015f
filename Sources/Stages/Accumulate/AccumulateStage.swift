import Artefacts
import Engine
import Formats
import Geometry
import Moments
import Plan
import Support

/// `accumulate`: the moments of every token class of a stream, in one pass.
package struct AccumulateStage: StreamTakingStage {
  package static let name = "accumulate"
  package static let summary = "the moments of every token class of a stream, in one pass"
  package static let product = Product.moments
  package static let fileExtension: String? = "h5"
  package static let writes = [StateReader.own, Timeline.own]
  package static let settings: [Setting<Self>] = [
    .stream(),
    .init(
      \.within, "within",
      "within-class scatter to keep: none (its trace only), pooled (d×d, for \(Statistics.needing(.withinScatter))) or pooled-single (to about 1e-6, twice as fast)"
    ),
    .init(
      \.moments, "moments",
      "second moments to keep of each class: trace (Σ‖h − μ‖²) or diagonal (of each feature too, for the class table)"),
    .init(
      \.vocabulary, "vocabulary",
      "vocabulary size V, which every label must stay below; by default the largest label seen, plus one",
      .count(atMost: OptionType.mostTokens)),
    .threads(\.threads, "that fold rows", verb: "that decompress and fold"),
    .memory(\.memory, "Means of rare classes that do not fit go to scratch"),
    .init(\.scratch, "scratch", "folder for data that does not fit in memory; by default the output's folder", .folder),
    .init(
      \.measureEvery, "measure-every",
      "samples between rows of the timeline, as in 1e6; a row has the statistics that need no pair sweep, at O(K·d²)",
      .amount()),
    .init(
      \.timeline, "timeline",
      "where measure-every writes its rows (CSV); by default moments.timeline.csv beside moments.h5", .output),
    .init(
      \.parts, "parts",
      "divide the samples among this many states, moments.part-01.h5 and so on, sequence by sequence, or by 4096 rows; measure then gives standard errors",
      .count(atLeast: 2, atMost: mostParts)),
    .checkpoint(\.checkpoint),
    .init(group: \.sharding),
    .init(\.output, "output", "the state file to write (HDF5)", .output, verb: .required),
  ]

  var within = WithinScatter.none
  var moments = SecondMoments.trace
  var vocabulary: Int?
  var threads = ResourceLimits.threads
  package var memory: Int?
  package var scratch: Located<String>?
  var measureEvery: Located<Int>?
  var timeline: Located<String>?
  var parts: Located<Int>?
  var checkpoint = CheckpointInterval.standard
  var sharding = ShardOptions()
  package var output: Located<String>?

  package init() {}

  package var shards: ShardRule? { sharding.rule }

  /// Each part keeps its file locked, and many systems allow a process 1024 open files.
  private static let mostParts = 256

  package var makesParts: Bool { parts != nil }

  package func artefact(named file: String) -> String {
    parts.map { PartFiles.file(1, of: $0.value, beside: file) } ?? file
  }

  package func artefactFiles(_ artefact: String) -> [String] {
    parts.map { PartFiles.all($0.value, like: artefact) } ?? [artefact]
  }

  package var outputs: [Located<String>] { [parts == nil ? output : nil, timeline].compactMap(\.self) }

  package func finishDecoding(_ decoder: inout OptionDecoder) {
    if let shards, let measureEvery {
      decoder.addProblem(
        measureEvery.place, "expected measure-every or \(shards.option), found both: shards have no common timeline",
        advice: "leave one of them out")
    }
    if let parts, let measureEvery {
      decoder.addProblem(
        measureEvery.place,
        "expected \(measureEvery.place.name("measure-every")) or \(parts.place.name("parts")), found both: parts have no common timeline",
        advice: "leave one of them out")
    }
    if let timeline, decoder.located("measure-every") == nil {
      decoder.addProblem(
        timeline.place, "expected measure-every with timeline",
        advice:
          "write, for example, \(timeline.place.example("measure-every", "1e6")), or leave \(timeline.place.name("timeline")) out"
      )
    }
  }

  /// Upper bound on the classes if the vocabulary was given; never more than the stream's rows.
  func maximumClasses(_ shape: StreamShape?) -> Int? { vocabulary.map { min($0, shape?.maximumRows ?? .max) } }

  package static let mergedBy: (kind: any StageKind.Type, option: String)? = (MergeStage.self, "states")

  package static let sideOutputs = [SideOutput("timeline", request: "measure-every: 1e6")]

  package func sideOutput(_ name: String, beside artefact: String) -> String? {
    name == "timeline" && measureEvery != nil ? timeline?.value ?? Timeline.file(beside: artefact) : nil
  }

  package func checkPlaces(_ artefact: String?, _ problems: inout [Problem]) {
    guard let measureEvery, timeline == nil, artefact == nil else { return }
    problems.append(
      measureEvery.place, "expected a file for the timeline, found none: the state is not written to a file",
      advice: "add timeline: or output:")
  }

  package func consumer(
    name: String, files: [String: [String]], output: String, context: RunContext
  ) -> any StreamConsumer {
    AccumulateConsumer(self, name: name, output: output, context: context)
  }
}
