import ArgumentParser
import Stages

struct AccumulateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accumulate",
    abstract: "Accumulate the moments of every token class of a stream, in one pass.",
    discussion: """
      The stream is NPY arrays one after another: labels, perhaps predictions, features; batch by batch; plain or \
      Zstandard; or datasets of HDF5 files, or tensors of safetensors files. Or, with --tokens, \
      features by position (NPY, HDF5, safetensors; 2-d, or 3-d by sequence), of which each is labelled with the next token \
      of its sequence; where sequences end is said by 2-d tokens or 3-d features, or by the options below. The state is an HDF5 file that h5py and merge and measure read.

      EXAMPLE
        collapse accumulate 'train-*.npy.zst' --within pooled --output moments.h5
        python export.py | collapse accumulate - --output moments.h5
        collapse accumulate 'run-*.h5' --labels tokens --features hidden \\
          --output moments.h5
        collapse accumulate hidden.npy --tokens corpus.bin --token-type uint16 \\
          --sequence-length 1024 --output moments.h5
        collapse accumulate big.npy.zst --memory 8GiB --scratch /local/me \\
          --output moments.h5
        collapse accumulate 'train-*.npy.zst' --output moments.h5 \\
          --measure-every 1e7   # moments.timeline.csv too
      """)

  @Option(name: .shortAndLong, help: Verb.help(AccumulateStage.self, "output"))
  var output: String

  @Option(help: Verb.help(AccumulateStage.self, "within"))
  var within: String?

  @Option(help: Verb.help(AccumulateStage.self, "vocabulary"))
  var vocabulary: String?

  @Option(help: "Threads that decompress and fold; by default what the job was given.")
  var threads: String?

  @Option(help: Verb.help(AccumulateStage.self, "memory"))
  var memory: String?

  @Option(help: Verb.help(AccumulateStage.self, "scratch"))
  var scratch: String?

  @Option(help: Verb.help(AccumulateStage.self, "measure-every"))
  var measureEvery: String?

  @Option(help: Verb.help(AccumulateStage.self, "timeline"))
  var timeline: String?

  @Option(help: Verb.help(AccumulateStage.self, "checkpoint"))
  var checkpoint: String?

  @OptionGroup var restart: RestartOption

  @OptionGroup var stream: StreamGroup

  @OptionGroup var pairing: PairingGroup

  @OptionGroup var process: ProcessOptionGroup

  func run() async throws {
    var verb = Verb()
    verb.stage(ReadStage.name, stream.options(threads: threads, pairing))
    verb.stage(
      AccumulateStage.name,
      [
        "from": Verb.arguments("INPUT", [ReadStage.name]), "output": Verb.option("output", output),
        "checkpoint": Verb.option("checkpoint", checkpoint),
        "within": Verb.option("within", within), "vocabulary": Verb.option("vocabulary", vocabulary),
        "threads": Verb.option("threads", threads), "memory": Verb.option("memory", memory),
        "scratch": Verb.option("scratch", scratch), "measure-every": Verb.option("measure-every", measureEvery),
        "timeline": Verb.option("timeline", timeline),
      ])
    _ = try await verb.run(process, restarts: restart.restart)
  }
}
