import ArgumentParser
import Formats
import Plan
import Stages

struct InspectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Say what a file holds: a stream, a state, measurements, a classifier, token ids, any HDF5 file.",
    discussion: """
      Plain NPY files are read by their headers and labels alone; compressed streams have to be read through.

      EXAMPLE
        collapse inspect moments.h5
        collapse inspect train-00.npy.zst
        collapse inspect corpus.bin --token-type uint16
      """)

  @Argument(help: ArgumentHelp("The file, or - for a stream on standard input.", valueName: "file"))
  var file: String

  @OptionGroup var options: Options<InspectOptions>

  @OptionGroup var format: FormatOption

  func run() async throws {
    let options = try InspectOptions(options.given, of: "inspect")
    let inspection = try await Inspector().inspect(
      file, options: ReadOptions(arrays: options.arrays), width: options.width)
    try format.print(table: inspection.text, json: inspection.json)
  }
}

/// How what has no header, or several arrays, is read.
struct InspectOptions: Settings {
  static let settings: [Setting<Self>] = [.init(group: \.arrays), .tokenWidth(\.width)]

  var arrays = ArrayNames()
  var width: TokenWidth?
}
