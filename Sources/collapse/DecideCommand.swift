import ArgumentParser
import Stages

struct DecideCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decide",
    abstract:
      "Decide unseen samples by the classifier and by the nearest class mean, and count where they agree (NC4).",
    discussion: """
      The model's choice is the largest output of the classifier, over its whole vocabulary; the other one is the class \
      with the nearest mean, among the classes that the moments hold. Choices that are too close for single precision are \
      made in float64. The result is an HDF5 file that h5py, merge, and measure --decisions read.

      EXAMPLE
        collapse decide validation.npy.zst --moments moments.h5 \\
          --classifier model.safetensors#lm_head.weight --output decisions.h5
        collapse measure moments.h5 --decisions decisions.h5
      """)

  @Option(help: Verb.help(DecideStage.self, "moments"))
  var moments: String

  @Option(help: Verb.help(DecideStage.self, "classifier"))
  var classifier: String?

  @Option(help: Verb.help(DecideStage.self, "bias"))
  var bias: String?

  @Option(name: .shortAndLong, help: Verb.help(DecideStage.self, "output"))
  var output: String

  @Option(help: "Threads that decompress and decide; by default what the job was given.")
  var threads: String?

  @Option(help: Verb.help(DecideStage.self, "memory"))
  var memory: String?

  @Option(help: Verb.help(DecideStage.self, "checkpoint"))
  var checkpoint: String?

  @OptionGroup var restart: RestartOption

  @OptionGroup var stream: StreamGroup

  @OptionGroup var pairing: PairingGroup

  @OptionGroup var process: ProcessOptionGroup

  func run() async throws {
    var verb = Verb()
    verb.stage(ReadStage.name, stream.options(threads: threads, pairing))
    verb.stage(
      DecideStage.name,
      [
        "from": Verb.arguments("INPUT", [ReadStage.name]), "moments": Verb.option("moments", moments),
        "classifier": Verb.option("classifier", classifier), "bias": Verb.option("bias", bias),
        "output": Verb.option("output", output),
        "checkpoint": Verb.option("checkpoint", checkpoint), "threads": Verb.option("threads", threads),
        "memory": Verb.option("memory", memory),
      ])
    _ = try await verb.run(process, restarts: restart.restart)
  }
}
