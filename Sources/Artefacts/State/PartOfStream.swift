import Storage

/// Which part of a stream a state holds, if its samples were divided among several states.
package struct PartOfStream: Sendable, Equatable {
  /// From 1.
  package let number: Int
  /// P, the number of parts.
  package let count: Int
  /// What went to one part as a whole, in words: `sequences`, `rows of 4096`.
  package let rule: String
  /// Identity of all samples of the stream; see ``Provenance/samplesDigest``.
  package let stream: String

  package init(number: Int, count: Int, rule: String, stream: String) {
    (self.number, self.count, self.rule, self.stream) = (number, count, rule, stream)
  }

  /// The most parts that a file may state.
  static let most = 1 << 20

  /// The identity of the part's samples, from that of all.
  package var samplesDigest: String { identity(of: stream) }

  /// The identity of the part of something that has the identity `whole`.
  package func identity(of whole: String) -> String {
    let sum = Checksum()
    sum.update("part \(number) of \(count) by \(rule) of \(whole)\n")
    return sum.value
  }

  /// The attributes that state it.
  var attributes: ArtefactFormat.Attributes {
    [
      ("part", .int(number)), ("part_of", .int(count)), ("part_rule", .text(rule)), ("stream_digest", .text(stream)),
    ]
  }
}

extension ArtefactFile {
  /// The part that the file states; nil if it holds no part.
  func part() throws -> PartOfStream? {
    guard file.attribute("part_of") != nil else { return nil }
    let count = try int("part_of", 1...PartOfStream.most)
    return PartOfStream(
      number: try int("part", 1...count), count: count, rule: text("part_rule") ?? "",
      stream: text("stream_digest") ?? "")
  }
}
