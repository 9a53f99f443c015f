import Storage
import Support

/// The text of a pipeline file.
enum PipelineText {
  /// Files larger than this many bytes are not pipelines.
  private static let largest = 1 << 20

  /// Reads a file, without its byte order mark. Throws ``PipelineError`` if it is not text in UTF-8, and says what it is.
  static func read(_ file: String) throws -> String {
    if Files.isFolder(file) {
      throw error(file, found: "a folder", advice: "name the YAML file in it, as in \(file)/pipeline.yaml")
    }
    if FileBytes.isOnce(file == "-" ? "./-" : file) {
      throw error(file, found: "a pipe or a device", advice: "save it in a file: it is read more than once")
    }
    let bytes: [UInt8]
    do {
      bytes = try WholeFile.bytes(file == "-" ? "./-" : file, limit: largest, kind: "a pipeline file")
    } catch let failure as StreamError where failure.kind == .missing {
      throw error(file, found: "no such file", advice: "check the path; Pipelines/quickstart.yaml is an example")
    } catch let failure as StreamError {
      throw PipelineError(
        .file(file, line: 1, column: 1), "expected \(failure.diagnosis.expected), found \(failure.diagnosis.found)",
        advice: failure.diagnosis.advice)
    }
    let body = bytes.dropFirst(ByteOrderMark.length(in: bytes))
    guard !body.contains(0), let text = String(validating: body, as: UTF8.self) else { throw notText(file, bytes) }
    return text
  }

  private static func notText(_ file: String, _ bytes: [UInt8]) -> PipelineError {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      return error(file, found: "text in UTF-16", advice: "save it in UTF-8")
    }
    if bytes.contains(0) {
      return error(file, found: "a binary file", advice: "check the path; Pipelines/quickstart.yaml is an example")
    }
    return error(file, line: firstInvalidLine(bytes), found: "bytes that are not UTF-8", advice: "save it in UTF-8")
  }

  /// The line of the first byte that is not UTF-8, from 1.
  private static func firstInvalidLine(_ bytes: [UInt8]) -> Int {
    var (line, decoder, rest) = (1, UTF8(), bytes.makeIterator())
    while case .scalarValue(let scalar) = decoder.decode(&rest) {
      if scalar == "\n" { line += 1 }
    }
    return line
  }

  private static func error(_ file: String, line: Int = 1, found: String, advice: String) -> PipelineError {
    PipelineError(
      .file(file, line: line, column: 1), "expected a pipeline file (YAML in UTF-8), found \(found)", advice: advice)
  }
}
