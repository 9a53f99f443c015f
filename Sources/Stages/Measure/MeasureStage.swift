import Engine
import Formats
import Geometry
import Plan
import Support

/// `measure`: every statistic of moments, and of a classifier if one is given.
package struct MeasureStage: StageKind, ArtefactStage {
  package static let name = "measure"
  package static let summary = "every statistic of neural collapse, from moments and a classifier"
  package static let product = Product.measures
  package static let fileExtension: String? = "json"
  /// What each statistic needs, for help.
  package static let needs = Requirement.help
  package static let settings: [Setting<Self>] = [
    .init(
      \.moments, "moments", "the state file, or the stage that makes it", .reference(.moments), required: true,
      verb: .argument("moments", "a state that accumulate or merge wrote")),
    .init(
      \.classifier, "classifier", "the output head: file.safetensors#tensor, file.h5#dataset or file.npy; for NC3",
      .array),
    .classifierRows(\.classifierRows),
    .init(
      \.decisions, "decisions",
      "the decisions file on unseen samples, or the stage that makes it; for \(Statistics.needing(.decisions))",
      .reference(.decisions)),
    .init(\.filter.minCount, "min-count", "fewest samples of a class to measure; by default 1"),
    .init(\.filter.maxCount, "max-count", "most samples of a class to measure"),
    .init(\.tokens, "tokens", "file of token ids to measure, one per line; # starts a comment", .file),
    .init(
      \.bands, "bands", "number of frequency bands to measure too, from the rarest classes to the most frequent"),
    .init(
      \.types, "types",
      "also measure each of the tokenizer's token types: special, punctuation, word_start and word"),
    .init(
      \.tokenizer, "tokenizer",
      "the model's tokenizer.json, or its folder; it adds token texts and types to the class table",
      .file),
    .init(
      \.ood, "ood", "the state of an out-of-distribution stream, or the stage that makes it; for NC5",
      .reference(.moments)),
    .init(\.geometry.globalMean, "global-mean", "the mean of the class means: unweighted, or weighted by samples"),
    .init(
      \.pairs, "pairs",
      "number of class pairs to sample, as in 1e8, instead of using all; standard errors are reported",
      .amount()),
    .init(\.seed, "seed", "seed for sampling pairs; 0 by default", .count(atLeast: 0)),
    .threads(\.geometry.threads, "of the sweep over pairs"),
    .init(
      \.output, "output", "where to write the measurements (JSON)", .output,
      verb: .help("where to write the measurements (JSON), instead of printing them")),
    .init(
      \.classes, "classes", "where to write the table of token classes: CSV, or HDF5 if the name ends in .h5",
      .output),
    .init(\.histograms, "histograms", "where to write histograms of the pair statistics (CSV)", .output),
  ]

  var moments: Located<String>?
  var classifier: Located<String>?
  var classifierRows: ClassifierRows?
  var decisions: Located<String>?
  private(set) var filter = ClassFilter()
  private(set) var geometry = GeometryOptions(threads: ResourceLimits.threads)
  var tokens: Located<String>?
  var bands: Int?
  var types = false
  var tokenizer: Located<String>?
  var ood: Located<String>?
  private var pairs: Int?
  private var seed: Int?
  package var output: Located<String>?
  var classes: Located<String>?
  var histograms: Located<String>?

  package init() {}

  package mutating func finishDecoding(_ decoder: inout OptionDecoder) {
    tokenizer = tokenizer?.asTokenizerFile
    geometry.sampling = pairs.map { PairSampling(pairs: $0, seed: seed ?? 0) }
    if let place = decoder.located("seed")?.place, decoder.located("pairs") == nil {
      decoder.addProblem(
        place, "expected pairs with seed, found none",
        advice: "add \(place.name("pairs")), or leave \(place.name("seed")) out")
    }
    if let place = decoder.located("max-count")?.place, let most = filter.maxCount,
      most < filter.minCount
    {
      decoder.addProblem(
        place, "expected a max-count of at least min-count (\(filter.minCount)), found \(most)",
        advice: "raise \(place.name("max-count")), or lower \(place.name("min-count"))")
    }
    if classifier == nil, let place = decoder.located("classifier-rows")?.place {
      decoder.addProblem(
        place, "expected a classifier with the classifier-rows, found none",
        advice: "add \(place.example("classifier", "model.safetensors#lm_head.weight")), or leave this out")
    }
    if types, tokenizer == nil, let place = decoder.located("types")?.place {
      decoder.addProblem(
        place, "types needs tokenizer, which gives the type of each token",
        advice: "add \(place.example("tokenizer", "tokenizer.json"))")
    }
  }

  package static let sideOutputs = [
    SideOutput("classes", request: "classes: FILE"), SideOutput("histograms", request: "histograms: FILE"),
  ]

  package func sideOutput(_ name: String, beside artefact: String) -> String? {
    ["classes": classes?.value, "histograms": histograms?.value][name] ?? nil
  }

  package static let progressUnit = "tiles"

  package func run(_ run: StageRun) async throws -> (any StageResult)? {
    func state(_ option: String, _ target: Located<String>?) throws -> String {
      try (run.files[option] ?? []).only(
        "state", of: run.name, target?.place ?? .option(option), advice: "measure one state, or merge them first")
    }
    let file = try state("moments", moments)
    let foreign = try ood.map { try state("ood", $0) }
    return try await DedicatedExecutor.run("measure.\(run.name)") {
      try StateMeasurer(stage: self, run: run).measure(file, outOfDistribution: foreign)
    }
  }
}
