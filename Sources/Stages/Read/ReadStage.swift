import Engine
import Formats
import Plan
import Samples
import Storage
import Support

/// `read`: an embedding stream from files, globs, or `-`; or, with `tokens`, features by position with their tokens in
/// separate files.
package struct ReadStage: ReadingStage {
  package static let name = "read"
  package static let summary =
    "an embedding stream: NPY arrays, plain or Zstandard, HDF5, or safetensors; tokens may be in separate files"
  package static let product = Product.stream
  package static let fileExtension: String? = nil
  package static let settings: [Setting<Self>] = [
    .init(
      \.files, "files", "files, globs in natural order, or - for standard input", .file,
      verb: .argument("input", "files, quoted globs in natural order, or - for standard input")),
    .init(
      \.command, "command",
      "a shell command whose standard output is the stream, instead of files; run needs --allow-commands for it",
      changesResult: false,
      verb: .help("a shell command whose standard output is the stream, instead of files")),
    .init(\.reading.nonfinite, "nonfinite", "what to do with rows that contain NaN or infinity: error or skip"),
    .init(
      \.reading.uint16IsBFloat16, "bf16", "read uint16 features as the bits of bfloat16: true or false",
      verb: .help("read uint16 features as the bits of bfloat16")),
    .init(
      \.reading.rows, "rows",
      "the rows to read, counted over all files, as in 0-999999 for the first million; by default all"),
    .init(group: \.reading.arrays),
    .init(
      \.tokens, "tokens",
      "token files, one per input, or one for all inputs in order: NPY, raw with token-type (both also .zst), llm.c, Megatron, or f.h5#name. The next token is the label",
      .array),
    .threads(\.reading.threads, "that decompress"),
    .init(group: \.alignment),
  ]

  private(set) var files: [Located<String>] = []
  /// The program whose standard output is the stream, if there are no files.
  package private(set) var command: Located<String>?
  /// Tokens in separate files, if there are any; `alignment` says how they label features.
  private var tokens: [Located<String>] = []
  private var alignment = AlignmentOptions()
  private var reading = ReadOptions(threads: ResourceLimits.threads)

  package init() {}

  package func finishDecoding(_ decoder: inout OptionDecoder) {
    if (decoder.stage.options["files"] == nil) == (decoder.stage.options["command"] == nil) {
      decoder.addProblem(
        command?.place ?? decoder.stage.kind.place,
        "stage “\(decoder.stage.written)” needs files or command, not both",
        advice: "add files: files, globs or -, or command: a program that writes the stream")
    }
    if let command, command.value.allSatisfy(\.isWhitespace) {
      decoder.addProblem(command.place, "an empty command", advice: "write the command that the shell should run")
    }
    if let command, command.value.utf8.contains(0) {
      decoder.addProblem(
        command.place, "expected a command without NUL characters, which would hide its rest from the shell",
        advice: "remove them")
    }
    let ofTokens = ["token-type", "raw"].compactMap { name in decoder.located(name).map { Located(name, $0.place) } }
    let unused = alignment.given ?? ofTokens.first
    if tokens.isEmpty, let unused {
      decoder.addProblem(
        unused.place, "\(unused.value) needs tokens: a stream with its own labels does not mark sequences",
        advice:
          "add \(unused.place.example("tokens", "corpus.bin")), or tokens of the input as in file.h5#input_ids; or leave \(unused.place.name(unused.value)) out"
      )
    }
    if let labels = decoder.located("labels"), !tokens.isEmpty {
      decoder.addProblem(
        labels.place, "expected labels or tokens, found both: labels are the next tokens",
        advice: "leave \(labels.place.name("labels")) out; name an array of the input as in file.h5#\(labels.value)"
      )
    }
  }

  package var inputFiles: [String] { files.flatMap { (try? InputFiles.expand([$0.value])) ?? [] } + pairedFiles }

  /// The files of tokens, and of offsets or lengths.
  package var pairedFiles: [String] { (try? options().alignment?.files) ?? [] }

  /// The inputs that stand for standard input.
  package var standardInputs: [Located<String>] { (files + tokens).filter { $0.value == "-" } }

  /// How the inputs are read. Throws ``StreamError`` if a pattern matches nothing.
  package func options() throws -> ReadOptions {
    var options = reading
    if !tokens.isEmpty { options.alignment = try alignment.alignment(tokens: ArrayFiles.expand(tokens.map(\.value))) }
    return options
  }

  package func check(_ problems: inout [Problem]) {
    problems.append(missing: files)
    let inputs = try? inputs().count
    ArrayFiles.check(tokens, inputs: inputs, isOneEnough: true, &problems)
    let shared = (try? ArrayFiles.expand(tokens.map(\.value)).count) == 1
    for files in [alignment.offsets, alignment.lengths] {
      ArrayFiles.check(files, inputs: shared ? 1 : inputs, of: "token file(s)", &problems)
    }
  }

  /// Which rows are read; nil if all are.
  package var rows: Range<Int>? { reading.rows }

  /// The amount to read, in the unit of progress; 0 if unknown.
  package var goal: Int {
    get throws { try rows?.count ?? (command == nil ? FileSizes.total(inputs()) : 0) }
  }

  /// Upper bound on the rows of some inputs: the rows asked for, and no more than plain files of their size can hold.
  /// Nil if there is no bound: compressed files and pipes may have any number.
  package func maximumRows(_ inputs: [String], dimension: Int) -> Int? {
    [rows?.count, Self.maximumRows(inputs, dimension: dimension)].compactMap(\.self).min()
  }

  private static func maximumRows(_ inputs: [String], dimension: Int) -> Int? {
    // Later batches may have another type than the first.
    let least = dimension * (ScalarType.allCases.map(\.byteCount).min() ?? 1)
    guard inputs.allSatisfy(Formats.isPlain), least > 0, case let bytes = FileSizes.total(inputs), bytes > 0 else {
      return nil
    }
    return bytes / least
  }

  /// The files, expanded; or the command, if it makes the stream.
  package func inputs() throws -> [String] { try command.map { [$0.value] } ?? InputFiles.expand(files.map(\.value)) }
}
