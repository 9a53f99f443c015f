import Artefacts
import Engine
import Geometry
import Plan
import Support

/// `compare`: two states as a whole, class by class, and by groups of classes.
package struct CompareStage: StageKind, ArtefactStage {
  package static let name = "compare"
  package static let summary = "how alike the class means of two states are, as a whole and class by class"
  package static let product = Product.comparison
  package static let fileExtension: String? = "json"
  package static let writes = [ComparisonReader.own] + ClassesFile.own
  package static let settings: [Setting<Self>] = [
    .init(
      \.moments, "moments", "the first state, A: a file, or the stage that makes it", .reference(.moments),
      required: true, verb: .argument("a", "the first state, which accumulate or merge wrote")),
    .init(
      \.other, "with", "the second state, B: a file, or the stage that makes it", .reference(.moments),
      required: true, verb: .argument("b", "the second state")),
    .init(
      \.sameBasis, "same-basis",
      "assert that features of both are in one basis, as for checkpoints or layers of one model; for cosines and distances by class"
    ),
    .init(
      \.samples, "samples",
      "whether both states are of the same samples: same or different; by default their labels digests and class counts tell"
    ),
    .init(
      "measures",
      "the measurements of both states, in the same order, or the stages that make them; for their statistics",
      refersTo: .measures, list: true),
    .init(\.filter.minCount, "min-count", "fewest samples that a class must have in each state; by default 1"),
    .init(\.filter.maxCount, "max-count", "most samples that a class may have in each state"),
    .init(\.tokens, "tokens", "file of token ids to compare, one per line; # starts a comment", .file),
    .init(
      \.bands, "bands",
      "number of frequency bands to compare too, from the rarest classes to the most frequent in both states"),
    .init(
      \.types, "types",
      "also compare each of the tokenizer's token types: special, punctuation, word_start and word"),
    .init(
      \.tokenizer, "tokenizer",
      "the model's tokenizer.json, or its folder; it adds token texts and types to the class table", .file),
    .threads(\.threads, "of the matrix products"),
    .memory(\.memory, "States that cannot be compared within it are refused"),
    .init(
      \.output, "output", "where to write the comparison (JSON)", .output,
      verb: .help("where to write the comparison (JSON), instead of printing it")),
    .init(
      \.classes, "classes", "where to write the table of common classes: CSV, or HDF5 if the name ends in .h5",
      .output),
  ]

  var moments: Located<String>?
  var other: Located<String>?
  var sameBasis = false
  var samples: ComparedSamples?
  private(set) var filter = ClassFilter()
  var tokens: Located<String>?
  var bands: Int?
  var types = false
  var tokenizer: Located<String>?
  var threads = ResourceLimits.threads
  package var memory: Int?
  package var output: Located<String>?
  var classes: Located<String>?

  package init() {}

  package mutating func finishDecoding(_ decoder: inout OptionDecoder) {
    tokenizer = tokenizer?.asTokenizerFile
    decoder.checkSelection(filter, types: types, hasTokenizer: tokenizer != nil)
  }

  package static let sideOutputs = [SideOutput("classes", request: "classes: FILE")]

  package func sideOutput(_ name: String, beside artefact: String) -> String? {
    name == "classes" ? classes?.value : nil
  }

  package static let progressUnit = "parts"

  package func run(_ run: StageRun) async throws -> (any StageResult)? {
    func state(_ option: String, _ target: Located<String>?) throws -> String {
      try (run.files[option] ?? []).only(
        "state", of: run.name, target?.place ?? .option(option), advice: "compare two states, or merge them first")
    }
    let files = (a: try state("moments", moments), b: try state("with", other))
    return try await DedicatedExecutor.run("compare.\(run.name)") {
      try StateComparer(stage: self, run: run).compare(files.a, files.b)
    }
  }
}

/// Whether two states are of the same samples.
enum ComparedSamples: String, CaseIterable, OptionValue {
  case same, different
}
