import Storage

/// Which part of a stream a state holds, if its samples were divided among several states. A merge of parts that follow
/// each other holds all of theirs.
package struct PartOfStream: Sendable, Equatable {
  /// Their numbers, from 1: one, or those of merged parts.
  package let numbers: ClosedRange<Int>
  /// P, the number of parts.
  package let count: Int
  /// What went to one part as a whole, in words: `sequences`, `rows of 4096`.
  package let rule: String
  /// Identity of all samples of the stream; see ``Provenance/samplesDigest``.
  package let stream: String

  package init(number: Int, count: Int, rule: String, stream: String) {
    self.init(numbers: number...number, count: count, rule: rule, stream: stream)
  }

  init(numbers: ClosedRange<Int>, count: Int, rule: String, stream: String) {
    (self.numbers, self.count, self.rule, self.stream) = (numbers, count, rule, stream)
  }

  /// What merged parts hold; nil if they are not parts of one stream that follow each other, in any order, or if one is
  /// there twice.
  init?(merging all: [PartOfStream?]) {
    let parts = all.compactMap(\.self).sorted { $0.numbers.lowerBound < $1.numbers.lowerBound }
    guard let first = parts.first, let last = parts.last, parts.count == all.count, !first.stream.isEmpty,
      parts.allSatisfy({ $0.isPart(like: first) }),
      zip(parts, parts.dropFirst()).allSatisfy({ $0.numbers.upperBound + 1 == $1.numbers.lowerBound })
    else { return nil }
    self.init(
      numbers: first.numbers.lowerBound...last.numbers.upperBound, count: first.count, rule: first.rule,
      stream: first.stream)
  }

  /// Whether it is all of the stream.
  var isWhole: Bool { numbers.count == count }

  /// Whether both come from one division of one stream.
  func isPart(like other: PartOfStream) -> Bool {
    (stream, count, rule) == (other.stream, other.count, other.rule)
  }

  /// The attribute with the identity of the stream. Alone, it states that all parts of it were merged.
  static let streamAttribute = "stream_digest"

  /// The most parts that a file may state.
  static let most = 1 << 20

  /// The identity of the samples of one part, from that of all.
  package var samplesDigest: String { identity(of: stream) }

  /// The identity of one part of something that has the identity `whole`.
  package func identity(of whole: String) -> String {
    let sum = Checksum()
    sum.update("part \(numbers.lowerBound) of \(count) by \(rule) of \(whole)\n")
    return sum.value
  }

  /// The attributes that state it.
  var attributes: ArtefactFormat.Attributes {
    [("part", .int(numbers.lowerBound))]
      + (numbers.count > 1 ? [("part_last", .int(numbers.upperBound))] : [])
      + [("part_of", .int(count)), ("part_rule", .text(rule)), (Self.streamAttribute, .text(stream))]
  }
}

extension ArtefactFile {
  /// The part that the file states; nil if it holds no part.
  func part() throws -> PartOfStream? {
    guard file.attribute("part_of") != nil else { return nil }
    let count = try int("part_of", 1...PartOfStream.most)
    let first = try int("part", 1...count)
    let last = file.attribute("part_last") == nil ? first : try int("part_last", first...count)
    return PartOfStream(
      numbers: first...last, count: count, rule: text("part_rule") ?? "",
      stream: text(PartOfStream.streamAttribute) ?? "")
  }
}
