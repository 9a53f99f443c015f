import ArgumentParser
import Engine
import Formats
import Plan
import Stages
import Storage

struct InspectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what a file holds: a stream, a state, measurements, a classifier, token ids, or any HDF5 file.",
    discussion: """
      For plain NPY files, only headers and labels are read; compressed streams are read to the end.

      EXAMPLE
        collapse inspect moments.h5
        collapse inspect train-00.npy.zst
        collapse inspect corpus.bin --token-type uint16
      """)

  @Argument(
    help: ArgumentHelp("The file, or - for a stream on standard input.", valueName: "file"), completion: .file(),
    transform: HomeFolder.expand)
  var file: String

  @OptionGroup var options: Options<InspectOptions>

  @OptionGroup var format: FormatOption

  func run() async throws {
    let options = try InspectOptions(options.given, of: "inspect")
    var reading = ReadOptions(arrays: options.arrays)
    reading.scratch = options.scratch?.value
    let inspection = try await MemoryBudget.$given.withValue(options.memory) { [reading] in
      try await WatchedWork.run("inspect", goal: FileSizes.total([file]), log: ConsoleLog.logger) { meter in
        try await Inspector().inspect(
          file, options: reading, width: options.width, isRaw: options.isRaw
        ) { meter.update(done: max($0, meter.reading.done)) }
      }
    }
    try format.print(table: inspection.text, json: inspection.json)
  }
}

/// How to read files that have no header, or several arrays.
struct InspectOptions: Settings {
  static let settings: [Setting<Self>] = [
    .init(group: \.arrays), .tokenWidth(\.width), .rawTokens(\.isRaw), .memory(\.memory),
    .init(\.scratch, "scratch", "folder for what is set aside of large batches; by default TMPDIR", .folder),
  ]

  var arrays = ArrayNames()
  var width: TokenWidth?
  var isRaw = false
  var memory: Int?
  var scratch: Located<String>?

  func finishDecoding(_ decoder: inout OptionDecoder) { decoder.checkRaw(isRaw, width) }
}
