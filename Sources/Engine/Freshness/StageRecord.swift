import Formats
import Foundation
import Storage
import Support

/// What an artefact was made from, kept beside it. A later run uses it to see that the artefact is up to date.
package struct StageRecord: Sendable, Equatable, Codable {
  /// A file, by path and content.
  struct File: Sendable, Equatable, Codable {
    /// The path as written in the pipeline.
    let path: String
    let stamp: InputStamps.Stamp
    /// XXH3-128 of its bytes; nil for files of a stream, whose samples have a checksum instead.
    let digest: String?
  }

  let kind: String
  /// The release of `collapse` that made it.
  let release: String
  /// Options of the stage and of its stream's reader that affect the result; see ``StageKind/fingerprint``.
  let fingerprint: [String: String]
  /// Files of its stream, in order, and the checksum of their samples.
  let stream: [File]
  let samplesDigest: String?
  /// Other files it reads, by option.
  let inputs: [String: [File]]
  let outputs: [File]
  /// Its printed result, if any.
  package let printed: Printed?

  /// The result of a stage, for people and programs.
  package struct Printed: Sendable, Equatable, Codable {
    let table: String
    let json: String

    package init(_ result: any StageResult) {
      table = result.table
      json = result.json.text
    }

    package var result: (table: String, json: JSONValue) {
      get throws { (table, try JSONValue(parsing: Array(json.utf8))) }
    }
  }

  /// The record file of an artefact.
  package static func path(of artefact: String) -> String { OutputFiles(artefact).record }

  /// The record of an artefact; nil if there is none that can be read.
  package static func read(of artefact: String) -> StageRecord? {
    Files.contents(of: path(of: artefact)).flatMap {
      try? JSONDecoder().decode(StageRecord.self, from: $0)
    }
  }

  /// Writes the record. Throws `StreamError` if it cannot be written.
  func write(of artefact: String) throws {
    let path = Self.path(of: artefact)
    try AtomicFile.makeFolder((path as NSString).deletingLastPathComponent)
    try AtomicFile.write(path, text: jsonLines())
  }
}

extension StageRecord.File {
  /// The current state of a regular file; nil for anything else. Throws `StreamError` if it cannot be read.
  init?(_ path: String, summed: Bool) throws {
    guard let stamp = InputStamps([path]).inputs.first, stamp.size != nil else { return nil }
    self.init(path: path, stamp: stamp, digest: summed ? try FileDigest.of(path) : nil)
  }

  /// How a file compares with its earlier state.
  enum Comparison: Equatable {
    case same
    /// Touched; its content may be the same.
    case touched
    /// The size changed; the text says how.
    case resized(String)
    case different(String)
  }

  /// Compares the file as it is now by size, times and inode only.
  func compare(with path: String) -> Comparison {
    guard let now = InputStamps([path]).inputs.first, let size = now.size else {
      return .different("\(path) is no longer a regular file")
    }
    guard now.name == stamp.name else { return .different("\(self.path) before, \(path) now") }
    guard size == stamp.size else { return .resized("\(path) had \(stamp.size ?? 0) bytes, has \(size) now") }
    return now == stamp ? .same : .touched
  }
}
