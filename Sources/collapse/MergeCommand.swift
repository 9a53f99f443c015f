import ArgumentParser
import Stages

struct MergeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Merge states as if their samples had been accumulated together; or decisions of several streams.",
    discussion: """
      States are merged in the order given, by a tree of adjacent pairs: the same order gives the same bytes, within any \
      memory and by any number of threads. On a cluster, groups of 2, 4, 8, … states that follow one another may be merged \
      by jobs of their own, and then the results in order: that gives the bytes of one merge of all.

      EXAMPLE
        collapse merge 'shard-*.h5' --output moments.h5
        collapse merge 'shard-*.h5' --output moments.h5 --memory 4GiB
        collapse merge 'decisions-*.h5' --output decisions.h5
      """)

  @Argument(
    help: ArgumentHelp("State files, or files of decisions, or globs in natural order (quoted).", valueName: "state"))
  var states: [String]

  @Option(name: .shortAndLong, help: Verb.help(MergeStage.self, "output"))
  var output: String

  @Option(help: Verb.help(MergeStage.self, "memory"))
  var memory: String?

  @Option(help: Verb.help(MergeStage.self, "threads"))
  var threads: String?

  @Option(help: Verb.help(MergeStage.self, "scratch"))
  var scratch: String?

  @OptionGroup var process: ProcessOptionGroup

  func run() async throws {
    var verb = Verb()
    verb.stage(
      MergeStage.name,
      [
        "states": Verb.arguments("STATE", states), "output": Verb.option("output", output),
        "memory": Verb.option("memory", memory), "threads": Verb.option("threads", threads),
        "scratch": Verb.option("scratch", scratch),
      ])
    _ = try await verb.run(process)
  }
}
