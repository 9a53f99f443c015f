import Artefacts
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
  package static let writes = [MeasuresReader.own, HistogramTable.own, SpectrumCSV.own] + ClassesFile.own
  /// What each statistic needs, for help.
  package static let needs = Requirement.help
  package static let settings: [Setting<Self>] = [
    .init(
      \.states, "moments",
      "the state file, or the stage that makes it; with errors, the parts of one state, or the stage that is split",
      .reference(.moments), required: true,
      verb: .argument(
        "moments", "a state that accumulate or merge wrote; with --errors, the parts of one, or a quoted glob")),
    .init(
      \.classifier, "classifier", "the output head: file.safetensors#tensor, file.h5#dataset or file.npy; for NC3",
      .array),
    .classifierRows(\.classifierRows),
    .init(
      \.decisions, "decisions",
      "the decisions file on unseen samples, or the stage that makes it; for \(Statistics.needing(.decisions)). With errors, those of its parts",
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
      \.foreign, "ood",
      "the state of an out-of-distribution stream, or the stage that makes it; for NC5. With errors, those of its parts",
      .reference(.moments)),
    .init(\.geometry.globalMean, "global-mean", "the mean of the class means: unweighted, or weighted by samples"),
    .init(
      \.geometry.gnc2Means, "gnc2-means",
      "the class means whose directions GNC2 compares: centred, or uncentred as the paper's program does"),
    .init(
      \.geometry.hasRieszEnergy, "riesz",
      "also measure the Riesz energy of order d − 2, as the logarithm of its mean"),
    .init(
      \.geometry.isHeadCentred, "centre-head",
      "subtract the mean of the head's rows before measuring their NC2 (head_norm and the like)"),
    .init(
      \.oodMean, "ood-mean",
      "the mean of the out-of-distribution state: weighted by samples, the default, or the unweighted mean of its class means"
    ),
    .init(
      \.geometry.hasSpectra, "spectra",
      "also measure the spectra of Σ_W, Σ_B, Σ_T and the output head: how many directions they have"),
    .init(
      \.pairs, "pairs",
      "number of class pairs to sample, as in 1e8, instead of using all; standard errors are reported",
      .amount()),
    .init(\.seed, "seed", "seed for sampling pairs; 0 by default", .count(atLeast: 0)),
    .init(
      \.errors, "errors",
      "how to estimate standard errors: jackknife measures the merge of all parts, and again without each of them"),
    .init(
      \.prefixes, "prefixes",
      "number of growing prefixes of the parts to measure too, to see how many samples are enough", .count(atLeast: 2)),
    .threads(\.geometry.threads, "of the sweep over pairs"),
    .memory(\.memory, "A state that cannot be measured within it is refused"),
    .init(
      \.scratch, "scratch",
      "folder for merges of parts that are set aside; by default the output's folder, else TMPDIR", .folder),
    .init(
      \.output, "output", "where to write the measurements (JSON)", .output,
      verb: .help("where to write the measurements (JSON), instead of printing them")),
    .init(
      \.classes, "classes", "where to write the table of token classes: CSV, or HDF5 if the name ends in .h5",
      .output),
    .init(\.histograms, "histograms", "where to write histograms of the pair statistics (CSV)", .output),
    .remarks(\.remarks),
    .init(\.eigenvalues, "eigenvalues", "where to write the eigenvalues of the spectra (CSV); needs spectra", .output),
  ]

  private var states: [Located<String>] = []
  var classifier: Located<String>?
  var classifierRows: ClassifierRows?
  private(set) var decisions: [Located<String>] = []
  private(set) var filter = ClassFilter()
  private(set) var geometry = GeometryOptions(threads: ResourceLimits.threads)
  var tokens: Located<String>?
  var bands: Int?
  var types = false
  var tokenizer: Located<String>?
  private var foreign: [Located<String>] = []
  private(set) var errors: ErrorMethod?
  private(set) var prefixes: Int?
  package var scratch: Located<String>?
  package var memory: Int?
  private var pairs: Int?
  private var seed: Int?
  package var output: Located<String>?
  var classes: Located<String>?
  var histograms: Located<String>?
  private(set) var remarks = ShownRemarks.few
  var eigenvalues: Located<String>?
  var oodMean = GlobalMean.weighted

  package init() {}

  /// Where the user named the state.
  var place: SourcePosition { states.first?.place ?? .option("moments") }

  package mutating func finishDecoding(_ decoder: inout OptionDecoder) {
    tokenizer = tokenizer?.asTokenizerFile
    geometry.sampling = pairs.map { PairSampling(pairs: $0, seed: seed ?? 0) }
    if let place = decoder.located("seed")?.place, decoder.located("pairs") == nil {
      decoder.addProblem(
        place, "expected pairs with seed, found none",
        advice: "add \(place.name("pairs")), or leave \(place.name("seed")) out")
    }
    if classifier == nil, let place = decoder.located("classifier-rows")?.place {
      decoder.addProblem(
        place, "expected a classifier with the classifier-rows, found none",
        advice: "add \(place.example("classifier", "model.safetensors#lm_head.weight")), or leave this out")
    }
    if !geometry.hasSpectra, let place = decoder.located("eigenvalues")?.place {
      decoder.addProblem(
        place, "eigenvalues are those of spectra, which are not measured",
        advice: "add \(place.name("spectra")), or leave this out")
    }
    if let place = decoder.located("ood-mean")?.place {
      if foreign.isEmpty {
        decoder.addProblem(
          place, "expected ood with ood-mean, found none",
          advice: "add \(place.example("ood", "other.h5")), or leave this out")
      } else if errors != nil, oodMean == .unweighted {
        decoder.addProblem(
          place, "an unweighted mean of class means cannot be put together from parts, so errors exclude it",
          advice: "leave one of them out")
      }
    }
    if classifier == nil, let place = decoder.located("centre-head")?.place {
      decoder.addProblem(
        place, "expected a classifier with centre-head, found none",
        advice: "add \(place.example("classifier", "model.safetensors#lm_head.weight")), or leave this out")
    }
    if errors != nil, let place = decoder.located("pairs")?.place {
      decoder.addProblem(
        place, "errors compare all pairs of classes: other samples of pairs would differ by more than the parts do",
        advice: "leave one of them out")
    }
    if errors == nil, let place = decoder.located("prefixes")?.place {
      decoder.addProblem(
        place, "prefixes needs errors, which says how far values may differ",
        advice: "add \(place.example("errors", "jackknife"))")
    }
    decoder.checkSelection(filter, types: types, hasTokenizer: tokenizer != nil)
  }

  package static let sideOutputs = [
    SideOutput("classes", request: "classes: FILE"), SideOutput("histograms", request: "histograms: FILE"),
    SideOutput("eigenvalues", request: "eigenvalues: FILE"),
  ]

  package func sideOutput(_ name: String, beside artefact: String) -> String? {
    ["classes": classes?.value, "histograms": histograms?.value, "eigenvalues": eigenvalues?.value][name] ?? nil
  }

  package static let progressUnit = "tiles"

  /// With errors, parts are needed one by one.
  package var takesApart: Set<String> { errors == nil ? [] : ["moments", "decisions", "ood"] }

  package func checkReferences(_ counts: [String: Int], _ problems: inout [Problem]) {
    if let found = counts["moments"], let problem = problem(parts: found) { problems.append(problem) }
  }

  /// What is wrong with this many states; nil if nothing is.
  func problem(parts found: Int) -> Problem? {
    guard errors != nil else {
      return found == 1
        ? nil
        : Problem(
          place, "expected one state, found \(found)",
          advice: "measure the parts of one state with \(place.example("errors", "jackknife")), or merge them first")
    }
    if found < Jackknife.fewestParts {
      return Problem(
        place, "expected at least \(Jackknife.fewestParts) parts with samples for errors by jackknife, found \(found)",
        advice: "make parts with accumulate and \(place.example("parts", "16")), or name the states of shards")
    }
    if let prefixes, prefixes > found {
      return Problem(
        place, "expected at most \(found) prefixes of \(found) parts, found \(prefixes)",
        advice: "lower \(place.name("prefixes")), or make more parts")
    }
    return nil
  }

  package func run(_ run: StageRun) async throws -> (any StageResult)? {
    let files = run.files["moments"] ?? []
    if let problem = problem(parts: files.count) { throw PipelineError([problem]) }
    for option in ["moments", "decisions", "ood"] { try checkOneModel(option, run) }
    var foreign = run.files["ood"] ?? []
    if errors == nil, !foreign.isEmpty {
      foreign = [
        try foreign.only(
          "state", of: run.name, self.foreign.first?.place ?? .option("ood"),
          advice: "measure with one, or merge them first")
      ]
    }
    return try await DedicatedExecutor.run("measure.\(run.name)") { [foreign] in
      try StateMeasurer(stage: self, run: run).measure(files, outOfDistribution: foreign)
    }
  }

  /// Refuses parts that stages with other matrix values make: those are of other models.
  private func checkOneModel(_ option: String, _ run: StageRun) throws {
    let values = (run.makers[option] ?? []).compactMap { $0?.values }
    guard let other = values.first(where: { $0 != values[0] }) else { return }
    let names = other.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    throw PipelineError([
      Problem(
        place, "\(option) names stages that a matrix repeats, as for \(names): those are no parts of one state",
        advice: "repeat this stage over the same matrix")
    ])
  }
}
