import Engine
import Formats
import Plan
import Samples
import Storage

/// `read`: an embedding stream from files, globs, or `-`; or features by position whose tokens are apart, where `tokens` are
/// given.
public struct ReadStage: ReadingStage {
  public static let name = "read"
  public static let summary =
    "an embedding stream: NPY arrays, plain or Zstandard, HDF5, or safetensors; tokens may be apart"
  public static let product = Product.stream
  public static let fileExtension: String? = nil
  public static let options =
    [
      OptionSpec("files", "files, globs in natural order, or - for standard input", .file, list: true),
      OptionSpec(
        "command",
        "a command for the shell whose standard output is the stream, in place of files; run takes it with --allow-commands"
      ),
      OptionSpec(
        "nonfinite", "what to do with rows that hold a NaN or an infinity: error or skip",
        .choice(of: NonfinitePolicy.self)),
      OptionSpec("bf16", "uint16 features are the bits of bfloat16: true or false", .flag),
      OptionSpec(
        "rows", "the rows to read, of all files together, as in 0-999999 for the first million; by default all", .rows),
      OptionSpec(
        "labels", "the dataset or tensor of labels, by name or path; by default labels, or the only 1-d integers"),
      OptionSpec(
        "features", "the dataset or tensor of features; by default embeddings, or features, or the only 2-d floats"),
      OptionSpec("predictions", "the dataset or tensor of predictions; by default predictions, where there are any"),
      OptionSpec(
        "tokens",
        "the token of each position, a file for each input, or one for all whose positions follow each other in it: NPY, raw with token-type, either Zstandard, or as in f.h5#name; the next token is the label",
        .file, list: true),
      OptionSpec("threads", "threads that decompress; by default what the job was given", .count()),
    ] + PairingOptions.specs

  let files: [Located<String>]
  /// The program whose standard output is the stream, where there are no files.
  package let command: Located<String>?
  /// Where tokens are apart: their files, and what is said of them.
  private let tokens: [Located<String>]
  private let pairing: PairingOptions
  private let reading: ReadOptions

  public init(decoding decoder: inout OptionDecoder) {
    files = decoder.list("files")
    command = decoder.located("command")
    if (decoder.stage.options["files"] == nil) == (decoder.stage.options["command"] == nil) {
      decoder.complain(
        command?.place ?? decoder.stage.kind.place,
        "stage “\(decoder.stage.written)” needs files or command, and not both",
        advice: "add files: files, globs or -, or command: a program that writes the stream")
    }
    if let command, command.value.allSatisfy(\.isWhitespace) {
      decoder.complain(command.place, "an empty command", advice: "write what the shell is to run")
    }
    reading = ReadOptions(
      nonfinite: decoder.choice("nonfinite", NonfinitePolicy.error), uint16IsBFloat16: decoder.flag("bf16"),
      arrays: ArrayNames(
        labels: decoder.text("labels"), features: decoder.text("features"),
        predictions: decoder.text("predictions")),
      rows: decoder.rows("rows"), threads: decoder.count("threads") ?? Allowance.threads)
    tokens = decoder.list("tokens")
    pairing = PairingOptions(decoding: &decoder)
    let unused = pairing.given ?? decoder.located("token-type").map { Located("token-type", $0.place) }
    if tokens.isEmpty, let unused {
      decoder.complain(
        unused.place, "\(unused.value) needs tokens: a stream with labels of its own does not say where sequences are",
        advice: "add \(unused.place.example("tokens", "corpus.bin")), or leave \(unused.value) out")
    }
    if let labels = decoder.located("labels"), !tokens.isEmpty {
      decoder.complain(
        labels.place, "expected labels or tokens, found both: labels are the next tokens",
        advice: "leave labels out; an array of the input is named as in file.h5#\(labels.value)")
    }
  }

  public var inputFiles: [String] { files.flatMap { (try? InputFiles.expand([$0.value])) ?? [] } + pairedFiles }

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

  public func check(_ problems: inout [Problem]) {
    problems.append(missing: files)
    let inputs = try? inputs().count
    ArrayFiles.check(tokens, inputs: inputs, isOneEnough: true, &problems)
    let shared = (try? ArrayFiles.expand(tokens.map(\.value)).count) == 1
    for files in [pairing.offsets, pairing.lengths] {
      ArrayFiles.check(files, inputs: shared ? 1 : inputs, of: "token file(s)", &problems)
    }
  }

  public var recipe: [String: String] {
    let names = ["labels": reading.arrays.labels, "features": reading.arrays.features]
      .merging(["predictions": reading.arrays.predictions]) { own, _ in own }
    return ["nonfinite": reading.nonfinite.rawValue, "bf16": "\(reading.uint16IsBFloat16)"]
      .merging(reading.rows.map { ["rows": "\($0.lowerBound)-\($0.upperBound - 1)"] } ?? [:]) { own, _ in own }
      .merging(names.compactMapValues { $0 }) { own, _ in own }
      .merging(tokens.isEmpty ? [:] : ["labels": "next tokens"]) { own, _ in own }
      .merging(pairing.recipe) { own, _ in own }
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
    let arePlain = inputs.allSatisfy { name in
      name != "-" && (try? [.npy, .other].contains(FileKind.of(name))) == true
    }
    guard arePlain, least > 0, case let bytes = FileSizes.total(inputs), bytes > 0 else { return nil }
    return bytes / least
  }

  /// The files, expanded; the command, where it makes the stream.
  package func inputs() throws -> [String] { try command.map { [$0.value] } ?? InputFiles.expand(files.map(\.value)) }
}
