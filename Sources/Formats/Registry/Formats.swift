import Storage
import Support

/// The supported formats, and the one way to open a file of any of them.
package enum Formats {
  /// The first format that recognizes a file opens it.
  static let all: [any Format.Type] = [
    NPYFormat.self,
    HDF5Format.self,
    SafetensorsFormat.self,
    LLMCFormat.self,
    MegatronFormat.self,
    MegatronIndexFormat.self,
    IntegersFormat.self,
  ]

  static func format(of start: Start) -> (any Format.Type)? {
    start.isRaw ? IntegersFormat.self : all.first { $0.recognizes(start) }
  }

  /// Formats that hold token ids and nothing else.
  private static let ofTokens: [any Format.Type] = [
    LLMCFormat.self, MegatronFormat.self, MegatronIndexFormat.self, IntegersFormat.self,
  ]

  /// Opens a file by its content.
  ///
  /// - Parameters:
  ///   - wanted: what the caller is looking for, in words.
  ///   - advice: what to do if the format is unknown.
  /// Throws ``StreamError`` that names an unsupported format and says how to convert the file.
  static func open(_ file: PeekedFile, as wanted: String, advice: String = Self.advice) throws -> Opened {
    guard let format = format(of: file.start) else { throw unknown(file, wanted, advice) }
    guard format.isSequential || file.isSeekable else {
      let found = file.isCompressed ? "a file in Zstandard frames" : "a pipe"
      throw StreamError(
        .notAFile, file: file.name, expected: "a plain file, because \(format.name) is not read in order", found: found,
        advice: file.isCompressed && file.name != "-"
          ? "decompress it: zstd -d \(file.name)" : "name the file, or pipe NPY arrays")
    }
    return try format.open(file)
  }

  private static let advice = "write it with numpy.save (plain or through zstd), h5py or safetensors"

  /// The error for a file of no known format.
  static func unknown(_ file: PeekedFile, _ wanted: String, _ advice: String = Self.advice) -> StreamError {
    if file.start.bytes.isEmpty {
      return StreamError(
        .empty, file: file.name, expected: wanted, found: "no bytes at all",
        advice: "check that the program that wrote it finished")
    }
    var diagnosis = ForeignFormat.diagnosis(
      file: file.name, position: file.isCompressed ? "decoded byte 0" : "byte 0", expected: "\(wanted): \(names)",
      start: file.start.bytes, advice: advice)
    // The user says that the file holds integers, but it starts like another format.
    if file.start.width != nil { diagnosis.advice += ". If it holds only token ids all the same, add --raw" }
    return StreamError(.unknownFormat, diagnosis)
  }

  /// The error for a file of token ids where something else is wanted.
  static func onlyTokens(_ file: PeekedFile, _ container: String, _ wanted: String) -> StreamError {
    StreamError(
      .badOrder, file: file.name, expected: wanted, found: "token ids alone (\(container))",
      advice: "name features here, and these token ids with --tokens")
  }

  /// The formats that are recognized without further options.
  private static var names: String {
    let formats = all.filter { format in !ofTokens.contains { $0 == format } }
    return formats.map { $0.name + ($0.isSequential ? " (also in Zstandard)" : "") }.joined(separator: ", ")
  }

  /// The order in which a file's content can be read.
  package enum Access: Sendable { case any, inOrder, once }

  /// Throws ``StreamError`` if the file cannot be read.
  package static func access(to name: String) throws -> Access {
    if FileBytes.isOnce(name) { return .once }
    return try plainStart(of: name) == nil ? .inOrder : .any
  }

  /// The start of a file whose content can be read in any order; nil for other files.
  private static func plainStart(of name: String) throws -> Start? {
    guard !FileBytes.isOnce(name) else { return nil }
    let file = try FileBytes(name: name)
    let bytes = try file.peek(Start.length)
    guard !Zstandard.recognizes(bytes) else { return nil }
    return Start(name: name, bytes: bytes, isCompressed: false, size: file.size, width: nil)
  }

  /// Whether a file stores its arrays uncompressed, so that its size bounds theirs.
  package static func isPlain(_ name: String) -> Bool {
    guard let start = try? plainStart(of: name) else { return false }
    return format(of: start)?.compresses != true
  }

  /// The files that a name stands for: the file itself, and those it refers to.
  package static func files(of name: String) -> [String] {
    guard let start = try? plainStart(of: name), let format = format(of: start) else { return [name] }
    return [name] + ((try? format.parts(of: name)) ?? [])
  }

  /// The files that may be read for a name: those of ``files(of:)``, and the configuration beside a model.
  package static func consulted(_ name: String) -> [String] {
    let config = TiedEmbeddings.file(besides: name)
    return files(of: name) + (Files.exists(config) ? [config] : [])
  }

  /// A file that names its arrays.
  package struct NamedArrays {
    fileprivate let file: any NamedArraysFile

    /// The kind of file.
    package var container: String { file.container }

    /// Its content, for people.
    package func facts() throws -> [(String, JSONValue)] { try file.facts() }

    /// The stream that it holds; see ``StreamOverview/init(_:options:progress:)``.
    package func overview(_ options: ReadOptions, progress: (Int) throws -> Void) throws -> StreamOverview {
      let input = try NamedArraysInput(file, options: options, pool: BufferPool(), from: (0, 0))
      return try StreamOverview(input, options: options, progress: progress)
    }
  }

  /// The arrays of a file that names them; nil for other files.
  ///
  /// Throws ``StreamError`` if the format is not supported.
  package static func arrays(of name: String) throws -> NamedArrays? {
    guard try access(to: name) != .once,
      case .named(let file) = try open(PeekedFile(name), as: "a stream, a matrix, token ids, or an output of a stage")
    else { return nil }
    return NamedArrays(file: file)
  }
}
