import Formats
import Foundation
import Storage
import Support

/// What made an artefact, kept beside it: by this, a later run knows that it need not be made again.
package struct StageRecord: Sendable, Equatable, Codable {
  /// A file, by its place and its content.
  struct File: Sendable, Equatable, Codable {
    /// As the pipeline names it.
    let path: String
    let stamp: InputStamps.Stamp
    /// XXH3-128 of its bytes; nil of the files of a stream, whose samples are summed instead.
    let digest: String?
  }

  let kind: String
  /// The release of this program.
  let release: String
  /// See ``StageKind/recipe``; of the reader of its stream too.
  let recipe: [String: String]
  /// The files of its stream, in order, and the sum of their samples.
  let stream: [File]
  let samplesDigest: String?
  /// Files that it reads otherwise, by option.
  let inputs: [String: [File]]
  let outputs: [File]
  /// What was printed of it, where anything was.
  package let printed: Printed?

  /// What a stage made, for people and programs.
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

  /// Where the record of an artefact is.
  package static func path(of artefact: String) -> String {
    let folder = AtomicFile.folder(of: artefact)
    return "\(folder)/.collapse/\((artefact as NSString).lastPathComponent).json"
  }

  /// The record of an artefact; nil where there is none that can be read.
  package static func read(of artefact: String) -> StageRecord? {
    FileManager.default.contents(atPath: path(of: artefact)).flatMap {
      try? JSONDecoder().decode(StageRecord.self, from: $0)
    }
  }

  /// Writes the record. Throws `StreamError` where it cannot be written.
  func write(of artefact: String) throws {
    let path = Self.path(of: artefact)
    try AtomicFile.makeFolder((path as NSString).deletingLastPathComponent)
    try AtomicFile.write(path, text: jsonLines())
  }
}

extension StageRecord.File {
  /// A regular file as it is; nil where there is none. Throws `StreamError` where it cannot be read.
  init?(_ path: String, summed: Bool) throws {
    guard let stamp = InputStamps([path]).inputs.first, stamp.size != nil else { return nil }
    self.init(path: path, stamp: stamp, digest: summed ? try FileDigest.of(path) : nil)
  }

  /// How a file stands to what it was.
  enum Comparison: Equatable {
    case same
    /// Changed of late, though perhaps not its content.
    case touched
    /// Of another size; how.
    case resized(String)
    case different(String)
  }

  /// Compares what there is now by size, times and number alone.
  func compare(with path: String) -> Comparison {
    guard let now = InputStamps([path]).inputs.first, let size = now.size else {
      return .different("\(path) is no regular file now")
    }
    guard now.name == stamp.name else { return .different("\(self.path) then, \(path) now") }
    guard size == stamp.size else { return .resized("\(path) has \(size) bytes now, had \(stamp.size ?? 0)") }
    return now == stamp ? .same : .touched
  }
}
