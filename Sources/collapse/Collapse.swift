import ArgumentParser
import CStart
import Engine
import Slurm
import Storage
import Support

/// The command line: a verb per stage, and `run` for a pipeline file.
@main
struct Collapse: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collapse",
    abstract: "Measures neural collapse in language models, at corpus scale.",
    discussion: """
      Reads streams of labelled top-layer features once, keeps the moments of every token class, and reduces them to \
      the statistics of neural collapse.

      EXAMPLE
        collapse accumulate 'train-*.npy.zst' --within pooled --output moments.h5
        collapse measure moments.h5 --classifier model.safetensors#lm_head.weight

      Results go to standard output, everything else to standard error. Exit status: 0 done, 1 failed, 64 wrong usage, \
      65 bad input data, 75 interrupted (run it again).
      """,
    version: "collapse \(collapseVersion)",
    subcommands: [
      RunCommand.self, ValidateCommand.self, GraphCommand.self, SchemaCommand.self,
      StageCommand<AccumulateVerb>.self, StageCommand<MergeVerb>.self, StageCommand<DecideVerb>.self,
      StageCommand<MeasureVerb>.self, StageCommand<CompareVerb>.self, StageCommand<CollectVerb>.self,
      StageCommand<StudyVerb>.self,
      StageCommand<ReportVerb>.self, StageCommand<WriteVerb>.self, StageCommand<CountVerb>.self,
      InspectCommand.self, StatusCommand.self, CancelCommand.self, BenchCommand.self,
    ])

  /// The arguments as given: Swift's own list replaces bytes that are not UTF-8.
  static var arguments: [String] {
    (1..<max(1, Int(CommandLine.argc))).compactMap { CommandLine.unsafeArgv[$0].map { FileName.text($0) } }
  }

  static func main() async {
    collapse_libraries_are_loaded()
    StandardStreams.prepare()
    FailureMessages.use(.text)
    FailureHandling.start()
    OutputRules.ofProcess.protect(except: standardOutputs)
    do {
      try StartCheck.descriptors()
      try AddressSpace.atStart.check()
      try StartCheck.threads()
      try await SignalHandling.cancelling {
        var command = try parseAsRoot(arguments)
        if var command = command as? any AsyncParsableCommand {
          try await command.run()
        } else {
          try await SignalHandling.withImmediateExit { try command.run() }
        }
      }
    } catch {
      ExitStatus.exit(with: error)
    }
  }
}
