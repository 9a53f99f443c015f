import Artefacts
import Deciding
import Engine
import Formats
import Geometry
import Plan
import Support

/// `decide`: what the classifier and the nearest class mean choose for unseen samples (NC4).
package struct DecideStage: StreamTakingStage {
  package static let name = "decide"
  package static let summary =
    "what the classifier and the nearest class mean choose for unseen samples, for \(Statistics.needing(.decisions))"
  package static let product = Product.decisions
  package static let fileExtension: String? = "h5"
  package static let writes = [DecisionsReader.own]
  package static let settings: [Setting<Self>] = [
    .stream("the stream of unseen samples"),
    .init(
      \.moments, "moments", "the state file with the class means to choose from, or the stage that makes it",
      .reference(.moments), required: true),
    .init(
      \.classifier, "classifier",
      "the output head: file.safetensors#tensor, file.h5#dataset or file.npy; without it, the stream's predictions are the model's choices",
      .array),
    .classifierRows(\.classifierRows),
    .init(
      \.headRows, "head-rows",
      "the rows of the output head to choose from: all, or seen, those of the classes in the moments; by default all"),
    .init(\.bias, "bias", "the bias of the output head: a vector, named in the same way as the classifier", .array),
    .threads(\.threads, "that decide", verb: "that decompress and decide"),
    .memory(\.memory),
    .checkpoint(\.checkpoint),
    .init(group: \.sharding),
    .init(\.output, "output", "the decisions file to write (HDF5)", .output, verb: .required),
  ]

  var moments: Located<String>?
  var classifier: Located<String>?
  var classifierRows: ClassifierRows?
  var bias: Located<String>?
  var headRows = HeadRows.all
  var threads = ResourceLimits.threads
  package var memory: Int?
  var checkpoint = CheckpointInterval.standard
  var sharding = ShardOptions()
  package var output: Located<String>?

  package init() {}

  package var shards: ShardRule? { sharding.rule }

  package func finishDecoding(_ decoder: inout OptionDecoder) {
    guard classifier == nil else { return }
    for option in ["bias", "classifier-rows", "head-rows"] {
      guard let place = decoder.located(option)?.place else { continue }
      decoder.addProblem(
        place, "expected a classifier with the \(option), found none",
        advice: "add \(place.example("classifier", "model.safetensors#lm_head.weight")), the head it belongs to")
    }
  }

  package static let mergedBy: (kind: any StageKind.Type, option: String)? = (MergeDecisionsStage.self, "decisions")

  package var readsPredictions: Bool { classifier == nil }

  package func consumer(
    name: String, files: [String: [String]], output: String, context: RunContext
  ) -> any StreamConsumer {
    DecideConsumer(self, name: name, moments: files["moments"] ?? [], output: output, context: context)
  }
}
