import Samples
import Storage

/// Token ids as Megatron-LM writes them: `corpus.bin` without a header, described by `corpus.idx` beside it.
enum MegatronFormat: Format {
  static let name = "Megatron"

  /// Whatever its bytes: the index says what they are.
  static func recognizes(_ start: Start) -> Bool {
    guard start.isSeekable, let index = index(of: start.name) else { return false }
    return MegatronIndex.recognizes(index)
  }

  static func parts(of path: String) throws -> [String] { index(of: path).map { [$0] } ?? [] }

  private static func index(of name: String) -> String? {
    name.hasSuffix(".bin") ? name.dropLast(4) + ".idx" : nil
  }

  static func open(_ file: PeekedFile) throws -> Opened {
    let name = index(of: file.name) ?? file.name
    let index = try MegatronIndex(name)
    guard let type = index.type, type.isInteger else {
      throw StreamError(
        .unsupportedType, file: name, position: "byte 17", expected: "a code for integers: 1 to 5, or 8",
        found: "\(index.code)", advice: "name a file of token ids; this index describes other data")
    }
    let count = try index.tokens(width: type.width)
    let (bytes, overflow) = count.multipliedReportingOverflow(by: type.width)
    guard !overflow, bytes == file.start.size else {
      throw StreamError(
        .countMismatch, file: file.name, expected: "\(count) token ids of type \(type.name), as \(name) says",
        found: "\(file.start.size ?? 0) bytes", advice: "copy both files again: they do not belong together")
    }
    return .integers(
      PlainIntegers(
        source: try file.content(), type: type, count: count, container: "Megatron \(type.name)", bounds: name,
        integrities: [index.integrity]))
  }
}
