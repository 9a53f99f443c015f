import Engine
import Formats
import Geometry
import Plan

/// `measure`: every statistic of moments, and of a classifier where one is given.
public struct MeasureStage: StageKind, ArtefactStage {
  public static let name = "measure"
  public static let summary = "every statistic of neural collapse, from moments and a classifier"
  public static let product = Product.measures
  public static let fileExtension: String? = "json"
  public static let options = [
    OptionSpec("moments", "the state file, or the stage that makes it", .reference(.moments), required: true),
    OptionSpec("classifier", "the output head: file.safetensors#tensor, file.h5#dataset or file.npy; for NC3", .file),
    OptionSpec(
      "decisions", "the decisions file on unseen samples, or the stage that makes it; for nc4", .reference(.decisions)),
    OptionSpec("min-count", "samples a class must have to be measured; by default 1", .count()),
    OptionSpec("max-count", "samples a class may have to be measured", .count()),
    OptionSpec("tokens", "file of the token ids to measure, one a line; # starts a comment", .file),
    OptionSpec(
      "bands", "number of frequency bands, each measured too, from the rarest classes to the most frequent", .count()),
    OptionSpec(
      "types", "measure each token type too: special, punctuation, word_start and word, as the tokenizer has them",
      .flag),
    OptionSpec(
      "tokenizer", "the model's tokenizer.json: adds texts and types of tokens to the table of classes", .file),
    OptionSpec(
      "ood", "the state of an out-of-distribution stream, or the stage that makes it; for NC5", .reference(.moments)),
    OptionSpec(
      "global-mean", "the mean of class means: unweighted, or weighted by their samples", .choice(of: GlobalMean.self)),
    OptionSpec(
      "pairs", "pairs of classes to draw, as in 1e8, instead of looking at all; standard errors are reported", .amount()
    ),
    OptionSpec("seed", "which pairs are drawn; 0 by default", .count(atLeast: 0)),
    OptionSpec("threads", "threads of the sweep over pairs; by default what the job was given", .count()),
    OptionSpec("output", "where to write the measurements (JSON)", .output),
    OptionSpec(
      "classes", "where to write the table of token classes: CSV, or HDF5 for a name that ends in .h5", .output),
    OptionSpec("histograms", "where to write histograms of the pair statistics (CSV)", .output),
  ]

  let moments: Located<String>?
  let classifier: Located<String>?
  let decisions: Located<String>?
  let geometry: GeometryOptions
  let tokens: Located<String>?
  let bands: Int?
  let types: Bool
  let tokenizer: Located<String>?
  let ood: Located<String>?
  public let output: Located<String>?
  let classes: Located<String>?
  let histograms: Located<String>?

  public init(decoding decoder: inout OptionDecoder) {
    moments = decoder.located("moments")
    classifier = decoder.located("classifier")
    decisions = decoder.located("decisions")
    geometry = GeometryOptions(
      classes: ClassFilter(minCount: decoder.count("min-count") ?? 1, maxCount: decoder.count("max-count")),
      globalMean: decoder.choice("global-mean", GlobalMean.unweighted), sampling: Self.sampling(&decoder),
      threads: decoder.count("threads") ?? Allowance.threads)
    tokens = decoder.located("tokens")
    bands = decoder.count("bands")
    types = decoder.flag("types")
    tokenizer = decoder.located("tokenizer")
    ood = decoder.located("ood")
    output = decoder.located("output")
    classes = decoder.located("classes")
    histograms = decoder.located("histograms")
    checkTogether(&decoder)
  }

  private func checkTogether(_ decoder: inout OptionDecoder) {
    if let place = decoder.located("max-count")?.place, let most = geometry.classes.maxCount,
      most < geometry.classes.minCount
    {
      decoder.complain(
        place, "expected a max-count of at least min-count (\(geometry.classes.minCount)), found \(most)",
        advice: "raise max-count, or lower min-count")
    }
    if types, tokenizer == nil, let place = decoder.located("types")?.place {
      decoder.complain(
        place, "types needs tokenizer, which says of what type a token is",
        advice: "add \(place.example("tokenizer", "tokenizer.json"))")
    }
  }

  private static func sampling(_ decoder: inout OptionDecoder) -> PairSampling? {
    let seed = decoder.count("seed", atLeast: 0)
    guard let pairs = decoder.amount("pairs", within: 1...1 << 53) else {
      if let option = decoder.located("seed") {
        decoder.complain(option.place, "a seed, but no pairs to draw", advice: "add pairs, or leave seed out")
      }
      return nil
    }
    return PairSampling(pairs: pairs, seed: seed ?? 0)
  }

  public var recipe: [String: String] {
    [
      "min-count": "\(geometry.classes.minCount)", "max-count": geometry.classes.maxCount.map { "\($0)" },
      "bands": bands.map { "\($0)" }, "types": types ? "true" : nil, "global-mean": geometry.globalMean.rawValue,
      "pairs": geometry.sampling.map { "\($0.pairs)" }, "seed": geometry.sampling.map { "\($0.seed)" },
      "classifier": classifier.flatMap { TensorReference($0.value).tensor },
    ].compactMapValues(\.self)
  }

  public var outputs: [Located<String>] { [output, classes, histograms].compactMap { $0 } }
  public var inputFiles: [String] { files.map(\.value) }

  package static let sideOutputs = [
    SideOutput("classes", request: "classes: FILE"), SideOutput("histograms", request: "histograms: FILE"),
  ]

  package func sideOutput(_ name: String, beside artefact: String) -> String? {
    ["classes": classes?.value, "histograms": histograms?.value][name] ?? nil
  }

  /// Files named by options, each where the user wrote it.
  private var files: [Located<String>] {
    let head = classifier.map { Located(TensorReference($0.value).file, $0.place) }
    return [head, tokens, tokenizer].compactMap { $0 }
  }

  package static let progressUnit = "tiles"

  package func run(_ run: StageRun) async throws -> (any StageResult)? {
    let file = try state("moments", moments, of: run)
    let foreign = try ood.map { try state("ood", $0, of: run) }
    return try await Measuring(self, run).measure(file, outOfDistribution: foreign)
  }

  /// The one state that an option names.
  private func state(_ option: String, _ target: Located<String>?, of run: StageRun) throws -> String {
    let files = run.files[option] ?? []
    guard let file = files.first, files.count == 1 else {
      throw PipelineError([
        Problem(
          target?.place ?? .option(option), "expected one state for “\(run.name)”, found \(files.count)",
          advice: "measure one state, or merge them first")
      ])
    }
    return file
  }

  public func check(_ problems: inout [Problem]) {
    problems.append(missing: files)
  }
}
