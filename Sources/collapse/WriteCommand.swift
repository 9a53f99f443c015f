import ArgumentParser
import Stages

struct WriteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "write",
    abstract: "Write a stream's samples as an embedding stream in one file.",
    discussion: """
      The stream has the same samples, in the same order, with the model's predictions where it carries them: whatever \
      is made of it has the same bytes, as long as features keep their type. Features of bfloat16 are written as \
      ml_dtypes writes them, 2-byte items of type V2, which numpy shows as bits.

      EXAMPLE
        collapse write 'shard-*.npy' --output train.npy.zst
        collapse write train.npy.zst --type float16 --level 19 --output small.npy.zst
        collapse write hidden.npy --tokens tokens.npy --end-of-text 50256 \\
          --output train.npy.zst
        collapse write train.npy.zst | python look.py
      """)

  @Option(name: .shortAndLong, help: Verb.help(WriteStage.self, "output"))
  var output = "-"

  @Option(help: Verb.help(WriteStage.self, "type"))
  var type: String?

  @Option(help: Verb.help(WriteStage.self, "batch"))
  var batch: String?

  @Option(help: Verb.help(WriteStage.self, "level"))
  var level: String?

  @Option(help: "Threads that decompress and compress; by default what the job was given.")
  var threads: String?

  @OptionGroup var stream: StreamGroup

  @OptionGroup var pairing: PairingGroup

  @OptionGroup var process: ProcessOptionGroup

  func run() async throws {
    var verb = Verb()
    verb.stage(ReadStage.name, stream.options(threads: threads, pairing))
    verb.stage(
      WriteStage.name,
      [
        "from": Verb.arguments("INPUT", [ReadStage.name]), "output": Verb.option("output", output),
        "type": Verb.option("type", type), "batch": Verb.option("batch", batch), "level": Verb.option("level", level),
        "threads": Verb.option("threads", threads),
      ])
    _ = try await verb.run(process)
  }
}
