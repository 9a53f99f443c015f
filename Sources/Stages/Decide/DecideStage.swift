import Engine
import Formats
import Plan

/// `decide`: what the classifier and the nearest class mean choose for unseen samples (NC4).
public struct DecideStage: StreamTakingStage {
  public static let name = "decide"
  public static let summary = "what the classifier and the nearest class mean choose for unseen samples, for nc4"
  public static let product = Product.decisions
  public static let fileExtension: String? = "h5"
  public static let options = [
    OptionSpec("from", "the stream of unseen samples", .reference(.stream, orFile: false), required: true),
    OptionSpec(
      "moments", "the state file whose class means are chosen from, or the stage that makes it", .reference(.moments),
      required: true),
    OptionSpec(
      "classifier",
      "the output head: file.safetensors#tensor, file.h5#dataset or file.npy; without one, the predictions that the stream carries are the model's choices",
      .file),
    OptionSpec("bias", "the bias of the output head, a vector named like the classifier", .file),
    OptionSpec("threads", "threads that decide; by default what the job was given", .count()),
    OptionSpec(
      "memory", "most the process may take, as in 4GiB, by default nine tenths of what the job was given", .bytes),
    CheckpointInterval.spec,
    ShardRule.specs[0], ShardRule.specs[1],
    OptionSpec("output", "the decisions file to write (HDF5)", .output),
  ]

  let moments: Located<String>?
  let classifier: Located<String>?
  let bias: Located<String>?
  let threads: Int
  let memory: Int?
  let checkpoint: CheckpointInterval
  package let shards: ShardRule?
  public let output: Located<String>?

  public init(decoding decoder: inout OptionDecoder) {
    moments = decoder.located("moments")
    classifier = decoder.located("classifier")
    bias = decoder.located("bias")
    threads = decoder.count("threads") ?? Allowance.threads
    memory = decoder.bytes("memory")
    checkpoint = decoder.checkpointInterval()
    shards = ShardRule(decoding: &decoder)
    output = decoder.located("output")
  }

  public var recipe: [String: String] {
    ["classifier": classifier?.value, "bias": bias?.value].compactMapValues {
      $0.flatMap { TensorReference($0).tensor }
    }
  }

  public var inputFiles: [String] { [classifier, bias].compactMap { $0.map { TensorReference($0.value).file } } }

  public func check(_ problems: inout [Problem]) {
    if let bias, classifier == nil {
      problems.append(
        Problem(
          bias.place, "a bias without a classifier",
          advice: "add \(bias.place.example("classifier", "model.safetensors#lm_head.weight")), the head it belongs to")
      )
    }
    let references = [classifier, bias].compactMap(\.self)
    problems.append(missing: references.map { Located(TensorReference($0.value).file, $0.place) })
  }

  package static let mergedBy: (kind: any StageKind.Type, option: String)? = (MergeDecisionsStage.self, "decisions")

  package var readsPredictions: Bool { classifier == nil }

  package func consumer(
    name: String, files: [String: [String]], output: String, context: RunContext
  ) -> any StreamConsumer {
    Deciding(self, name: name, moments: files["moments"] ?? [], output: output, context: context)
  }
}
