import TestSupport
import Testing

@testable import Formats
@testable import Storage

@Suite("Token files of Megatron-LM")
struct MegatronFormatTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// An index of sequences with these lengths, laid out as Megatron-LM's `_IndexWriter` does, one document each.
  private func index(
    _ lengths: [Int32], code: UInt8 = 8, width: Int = 2, version: UInt64 = 1, gap: Int64 = 0
  ) -> [UInt8] {
    var places: [Int64] = []
    var end: Int64 = gap
    for length in lengths {
      places.append(end)
      end += Int64(length) * Int64(width)
    }
    let documents = (0...lengths.count).map { Int64($0) }
    return Array("MMIDIDX\0\0".utf8) + NPY.bytes(of: [version]) + [code]
      + NPY.bytes(of: [UInt64(lengths.count), UInt64(documents.count)]) + NPY.bytes(of: lengths)
      + NPY.bytes(of: places) + NPY.bytes(of: documents)
  }

  /// `a.bin` and its index.
  private func write(_ tokens: [UInt8], _ index: [UInt8]) throws -> String {
    _ = try folder.write("a.idx", index)
    return try folder.write("a.bin", tokens)
  }

  private let ids: [Int32] = [5, 3, 3, 5, 8, 5]

  private func csv(_ name: String, _ width: TokenWidth? = nil, isRaw: Bool = false) throws -> String {
    var counts = TokenCounts()
    try counts.add(file: name, width: width, isRaw: isRaw)
    return counts.csv
  }

  @Test("The index gives the type, whatever type is given")
  func types() throws {
    let expected = "token,count\n3,2\n5,3\n8,1\n"
    for (bytes, code, width) in [
      (NPY.bytes(of: ids.map { UInt16($0) }), UInt8(8), 2), (NPY.bytes(of: ids), 4, 4),
      (NPY.bytes(of: ids.map { Int64($0) }), 5, 8), (ids.map { UInt8($0) }, 1, 1), (ids.map { UInt8($0) }, 2, 1),
      (NPY.bytes(of: ids.map { Int16($0) }), 3, 2),
    ] {
      let name = try write(bytes, index([2, 0, 4], code: code, width: width))
      for given in [nil, TokenWidth.uint16, .uint32] { #expect(try csv(name, given) == expected) }
      let overview = try PositionOverview(tokens: name, width: nil)
      #expect(overview.positions == 6 && overview.container.hasPrefix("Megatron "))
      #expect(Formats.files(of: name) == [name, folder.file("a.idx")])
    }
    let name = try write(NPY.bytes(of: ids), index([6], code: 4, width: 4))
    #expect(try csv(name, .uint16, isRaw: true) == "token,count\n0,6\n3,2\n5,3\n8,1\n")
  }

  @Test("Another file beside it means nothing")
  func others() throws {
    let name = try write(NPY.bytes(of: ids.map { UInt16($0) }), Array("text".utf8))
    #expect(try csv(name, .uint16).hasSuffix("8,1\n"))
    expectError(.unknownFormat, file: name, mentioning: "--token-type") { _ = try csv(name) }
  }

  @Test("Its lengths end the sequences where they are asked for, and are advised if no sequence ends are given")
  func lengths() throws {
    let name = try write(NPY.bytes(of: ids.map { UInt16($0) }), index([2, 0, 4]))
    let lengths = folder.file("a.idx")
    for reference in [lengths, lengths + "#sequence_lengths"] {
      var counts = TokenCounts()
      try counts.add(nextTokens: 0, TokenAlignment(tokens: [name], bounds: .lengths([reference])))
      #expect(counts.csv == "token,count\n3,1\n5,2\n8,1\n")
    }
    var counts = TokenCounts()
    expectError(.badReference, file: name, mentioning: "--sequence-lengths \(lengths)") {
      try counts.add(nextTokens: 0, TokenAlignment(tokens: [name]))
    }
  }

  @Test("An index that is damaged, of another version, or of other tokens is refused by name")
  func refused() throws {
    let tokens = NPY.bytes(of: ids.map { UInt16($0) })
    let good = index([2, 0, 4])
    let (bin, idx) = (folder.file("a.bin"), folder.file("a.idx"))
    for (kind, file, word, bytes) in [
      (StreamError.Kind.badHeader, idx, "version 2", index([2, 0, 4], version: 2)),
      (.badHeader, idx, "34 bytes", Array(good[..<33])),
      (.badHeader, idx, "room for 3 sequences", Array(good.dropLast(1))),
      (.badHeader, idx, "an older format", Array("TNTIDX\0\0".utf8) + good.dropFirst(8)),
      (.unsupportedType, idx, "a code for integers", index([2, 0, 4], code: 7)),
      (.unsupportedType, idx, "found 9", index([2, 0, 4], code: 9)),
      (.badOrder, idx, "sequences one after another", index([2, 0, 4], gap: 2)),
      (.badOrder, idx, "sequences one after another", index([2, -1, 5])),
      (.countMismatch, bin, "5 token ids", index([2, 0, 3])), (.countMismatch, bin, "7 token ids", index([2, 0, 5])),
    ] {
      let name = try write(tokens, bytes)
      expectError(kind, file: file, mentioning: word) { _ = try csv(name, .uint16) }
      expectError(kind, file: file, mentioning: word) {
        _ = try TokenFile(name, width: .uint16, options: ReadOptions())
      }
    }
    var huge = good
    huge.replaceSubrange(18..<34, with: [UInt8](repeating: 0xFF, count: 16))
    let name = try write(tokens, huge)
    expectError(.badHeader, file: idx, mentioning: "room for") { _ = try csv(name) }
  }
}
