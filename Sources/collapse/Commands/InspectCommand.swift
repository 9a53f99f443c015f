import ArgumentParser
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
    let inspection = try await Inspector().inspect(
      file, options: ReadOptions(arrays: options.arrays), width: options.width, isRaw: options.isRaw)
    try format.print(table: inspection.text, json: inspection.json)
  }
}

/// How to read files that have no header, or several arrays.
struct InspectOptions: Settings {
  static let settings: [Setting<Self>] = [
    .init(group: \.arrays), .tokenWidth(\.width), .rawTokens(\.isRaw),
  ]

  var arrays = ArrayNames()
  var width: TokenWidth?
  var isRaw = false

  func finishDecoding(_ decoder: inout OptionDecoder) { decoder.checkRaw(isRaw, width) }
}
