import HDF5
import Moments
import Storage
import Support

/// A kind of HDF5 file that this project writes. Attributes of its root state its kind, what made it, and a checksum of
/// its numbers and their attributes.
struct ArtefactFormat {
  /// Named attributes, in the order of the format.
  typealias Attributes = [(name: String, value: HDF5Attribute)]

  let name: String
  /// The version that is written.
  let version: Int
  /// The first version that can be read; nil if there is only one.
  var oldest: Int?
  /// Advice for a file of another format.
  let adviceForOthers: String
  /// Advice for a file that contradicts itself.
  let adviceForDamage: String

  /// The largest sum in a file (samples, skipped rows, parts). A double counts it exactly, and thousands of files add
  /// up without overflow.
  static let largestCount = 1 << 53

  /// Files of this format.
  var own: OwnFile { Self.own(name) }

  /// HDF5 files that state the format of this name.
  static func own(_ format: String) -> OwnFile {
    OwnFile { file in
      HDF5File.recognizes(file.start) && (try? HDF5File(reading: file.path))?.attribute("format") == .text(format)
    }
  }

  /// Whether a file is HDF5 and states this format.
  func recognizes(_ file: HDF5File?) -> Bool { file?.attribute("format") == .text(name) }

  /// The error about `item` in the file `name`.
  func bad(
    _ name: String, _ item: String, _ expected: String, _ found: String, _ advice: String? = nil
  ) -> MomentsError {
    MomentsError(
      .badState, file: name, position: item, expected: expected, found: found, advice: advice ?? adviceForDamage)
  }

  /// Checks that the token ids in the file `name` are ascending and not negative.
  func checkAscending(_ tokens: [Int32], _ name: String) throws {
    guard (tokens.first ?? 0) >= 0, zip(tokens, tokens.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw bad(name, "/classes/token", "ascending tokens", "tokens out of order or negative")
    }
  }

  /// Writes the attributes of `file` and flushes it.
  ///
  /// - Parameter version: the first version that can hold what is in it; nil for the current one.
  func finish(
    _ file: HDF5File, _ made: Provenance, _ attributes: Attributes, checksum: String, version: Int? = nil
  ) throws {
    let own: Attributes = [
      ("format", .text(name)), ("format_version", .int(version ?? self.version)),
      ("tool", .text("collapse \(collapseVersion)")),
      ("made_by", .text(made.madeBy)),
    ]
    for (name, value) in own + attributes + [("checksum", .text(checksum))] { try file.setAttribute(name, value) }
    try file.flush()
  }

  /// Adds `counts`, none negative, to `start`. Throws ``MomentsError`` if the sum exceeds ``largestCount``.
  @discardableResult
  static func checkSum(_ counts: [Int], from start: Int = 0, _ what: String) throws -> Int {
    try counts.reduce(start) { sum, count in
      let (next, overflow) = sum.addingReportingOverflow(count)
      guard !overflow, next <= largestCount else {
        throw MomentsError(
          .overflow, expected: "at most \(largestCount) \(what)", found: "\(sum) and \(count) more",
          advice: "merge fewer states")
      }
      return next
    }
  }
}

extension Checksum {
  /// Adds attributes, one line each.
  func update(_ attributes: ArtefactFormat.Attributes) {
    for (name, value) in attributes {
      switch value {
      case .int(let number): update("\(name)=\(number)\n")
      case .text(let text): update("\(name)=\(text)\n")
      }
    }
  }
}

/// The attributes of a file of some format, with errors that name file and attribute.
struct ArtefactFile {
  let format: ArtefactFormat
  let file: HDF5File

  /// Opens a file. Throws ``MomentsError`` if it has another format or version, and `StreamError` if it is not a
  /// complete HDF5 file.
  init(_ format: ArtefactFormat, reading name: String) throws {
    self.format = format
    file = try HDF5File(reading: name)
    guard text("format") == format.name else {
      throw bad(
        "attribute format", "“\(format.name)”", text("format").map { "“\($0)”" } ?? "none", format.adviceForOthers)
    }
    let found = try int("format_version", 0...(.max))
    guard ((format.oldest ?? format.version)...format.version).contains(found) else {
      throw bad(
        "attribute format_version", "\(format.version)", "\(found)",
        "make it again with this release, or use the release that wrote it (\(text("tool") ?? "unknown"))")
    }
  }

  func bad(_ item: String, _ expected: String, _ found: String, _ advice: String? = nil) -> MomentsError {
    format.bad(file.name, item, expected, found, advice)
  }

  func text(_ name: String) -> String? {
    if case .text(let text)? = file.attribute(name) { text } else { nil }
  }

  func int(_ name: String, _ range: ClosedRange<Int>) throws -> Int {
    let found: Int? = if case .int(let number)? = file.attribute(name) { number } else { nil }
    guard let found, range.contains(found) else {
      throw bad(
        "attribute \(name)", "an integer from \(range.lowerBound) to \(range.upperBound)",
        found.map { "\($0)" } ?? "none")
    }
    return found
  }

  func checksum() throws -> String {
    guard let checksum = text("checksum") else { throw bad("attribute checksum", "a checksum", "none") }
    return checksum
  }

  /// The origin that the file states.
  func provenance(vocabularyWasGiven: Bool = false) throws -> Provenance {
    Provenance(
      madeBy: text("made_by") ?? "", vocabulary: try int("vocabulary", 1...(.max)),
      vocabularyWasGiven: vocabularyWasGiven,
      skipped: try int("skipped_nonfinite", 0...ArtefactFormat.largestCount),
      features: text("features")?.split(separator: ",").map(String.init) ?? [],
      parts: try int("parts", 1...ArtefactFormat.largestCount), samplesDigest: text("samples_digest") ?? "",
      labelsDigest: text("labels_digest"))
  }
}
