import ArgumentParser
import Pipeline

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
        collapse write hidden.npy --tokens tokens.npy --end-of-text 50256 --output train.npy.zst
        collapse write train.npy.zst | python look.py
      """)

  @Argument(help: ArgumentHelp("Files, globs in natural order (quoted), or - for standard input.", valueName: "input"))
  var inputs: [String]

  @Option(name: .shortAndLong, help: Verb.help(WriteStage.self, "output"))
  var output = "-"

  @Option(help: Verb.help(WriteStage.self, "type"))
  var type: String?

  @Option(help: Verb.help(WriteStage.self, "batch"))
  var batch: String?

  @Option(help: Verb.help(WriteStage.self, "level"))
  var level: String?

  @Option(help: Verb.help(ReadStage.self, "nonfinite"))
  var nonfinite: String?

  @Flag(help: "Uint16 features are the bits of bfloat16.")
  var bf16 = false

  @OptionGroup var arrays: ArrayNamesGroup

  @OptionGroup(title: "Tokens apart from features") var pairing: PairingGroup

  @Option(help: "Threads that decompress and compress; by default what the job was given.")
  var threads: String?

  @OptionGroup(title: "Among others") var process: ProcessOptionGroup

  func run() async throws {
    var verb = Verb()
    verb.stage(
      ReadStage.name,
      [
        "files": Verb.arguments("INPUT", inputs), "nonfinite": Verb.option("nonfinite", nonfinite),
        "bf16": Verb.flag("bf16", bf16), "threads": Verb.option("threads", threads),
      ].merging(arrays.options) { own, _ in own }.merging(pairing.options) { own, _ in own })
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
