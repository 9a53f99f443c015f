import Engine
import Formats
import Plan
import Samples
import Storage
import Support

/// `read`: an embedding stream from files, globs, or `-`; or features by position whose tokens are apart, where `tokens` are
/// given.
public struct ReadStage: ReadingStage {
  public static let name = "read"
  public static let summary =
    "an embedding stream: NPY arrays, plain or Zstandard, HDF5, or safetensors; tokens may be apart"
  public static let product = Product.stream
  public static let fileExtension: String? = nil
  package static let settings: [Setting<Self>] = [
    .init(
      \.files, "files", "files, globs in natural order, or - for standard input", .file,
      verb: .argument("input", "files, globs in natural order (quoted), or - for standard input")),
    .init(
      \.command, "command",
      "a command for the shell whose standard output is the stream, in place of files; run takes it with --allow-commands",
      changesResult: false,
      verb: .help("a command for the shell whose standard output is the stream, in place of files")),
    .init(\.reading.nonfinite, "nonfinite", "what to do with rows that hold a NaN or an infinity: error or skip"),
    .init(
      \.reading.uint16IsBFloat16, "bf16", "uint16 features are the bits of bfloat16: true or false",
      verb: .help("uint16 features are the bits of bfloat16")),
    .init(
      \.reading.rows, "rows",
      "the rows to read, of all files together, as in 0-999999 for the first million; by default all"),
    .init(group: \.reading.arrays),
    .init(
      \.tokens, "tokens",
      "the token of each position, a file for each input, or one for all whose positions follow each other in it: NPY, raw with token-type, either Zstandard, or as in f.h5#name; the next token is the label",
      .array),
    .threads(\.reading.threads, "that decompress"),
    .init(group: \.pairing),
  ]

  private(set) var files: [Located<String>] = []
  /// The program whose standard output is the stream, where there are no files.
  package private(set) var command: Located<String>?
  /// Where tokens are apart: their files, and what is said of them.
  private var tokens: [Located<String>] = []
  private var pairing = PairingOptions()
  private var reading = ReadOptions(threads: Allowance.threads)

  package init() {}

  package func settle(_ decoder: inout OptionDecoder) {
    if (decoder.stage.options["files"] == nil) == (decoder.stage.options["command"] == nil) {
      decoder.complain(
        command?.place ?? decoder.stage.kind.place,
        "stage “\(decoder.stage.written)” needs files or command, and not both",
        advice: "add files: files, globs or -, or command: a program that writes the stream")
    }
    if let command, command.value.allSatisfy(\.isWhitespace) {
      decoder.complain(command.place, "an empty command", advice: "write what the shell is to run")
    }
    let unused = pairing.given ?? decoder.located("token-type").map { Located("token-type", $0.place) }
    if tokens.isEmpty, let unused {
      decoder.complain(
        unused.place, "\(unused.value) needs tokens: a stream with labels of its own does not say where sequences are",
        advice: "add \(unused.place.example("tokens", "corpus.bin")), or leave \(unused.place.name(unused.value)) out")
    }
    if let labels = decoder.located("labels"), !tokens.isEmpty {
      decoder.complain(
        labels.place, "expected labels or tokens, found both: labels are the next tokens",
        advice: "leave \(labels.place.name("labels")) out; an array of the input is named as in file.h5#\(labels.value)"
      )
    }
  }

  package var inputFiles: [String] { files.flatMap { (try? InputFiles.expand([$0.value])) ?? [] } + pairedFiles }

  /// The files of tokens and of offsets or lengths.
  package var pairedFiles: [String] { (try? options().pairing?.files) ?? [] }

  /// Those of them that stand for standard input.
  package var standardInputs: [Located<String>] { (files + tokens).filter { $0.value == "-" } }

  /// How the inputs are read. Throws ``StreamError`` where a pattern matches nothing.
  package func options() throws -> ReadOptions {
    var options = reading
    if !tokens.isEmpty { options.pairing = try pairing.pairing(tokens: ArrayFiles.expand(tokens.map(\.value))) }
    return options
  }

  package func check(_ problems: inout [Problem]) {
    problems.append(missing: files)
    let inputs = try? inputs().count
    ArrayFiles.check(tokens, inputs: inputs, isOneEnough: true, &problems)
    let shared = (try? ArrayFiles.expand(tokens.map(\.value)).count) == 1
    for files in [pairing.offsets, pairing.lengths] {
      ArrayFiles.check(files, inputs: shared ? 1 : inputs, of: "token file(s)", &problems)
    }
  }

  /// Which rows are read; nil where all are.
  package var rows: Range<Int>? { reading.rows }

  /// What there is to read, in the unit of its progress; 0 where that is not known.
  package var goal: Int {
    get throws { try rows?.count ?? (command == nil ? FileSizes.total(inputs()) : 0) }
  }

  /// Rows of some inputs at most: those asked for, and no more than the bytes of plain files have room for. Nil where there
  /// is no such bound: what is compressed or comes from a pipe may have any number.
  package func mostRows(_ inputs: [String], dimension: Int) -> Int? {
    [rows?.count, Self.mostRows(inputs, dimension: dimension)].compactMap(\.self).min()
  }

  private static func mostRows(_ inputs: [String], dimension: Int) -> Int? {
    // Later batches may be of another type than the first.
    let least = dimension * (ScalarType.allCases.map(\.byteCount).min() ?? 1)
    guard inputs.allSatisfy(Formats.isPlain), least > 0, case let bytes = FileSizes.total(inputs), bytes > 0 else {
      return nil
    }
    return bytes / least
  }

  /// The files, expanded; the command, where it makes the stream.
  package func inputs() throws -> [String] { try command.map { [$0.value] } ?? InputFiles.expand(files.map(\.value)) }
}
