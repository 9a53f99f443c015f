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

  /// The record of an artefact; nil if it, or its printed result, cannot be read.
  package static func read(of artefact: String) -> StageRecord? {
    read(from: path(of: artefact))
  }

  private static func read(from file: String) -> StageRecord? {
    guard let bytes = try? Files.contents(of: file),
      let record = try? JSONDecoder().decode(StageRecord.self, from: bytes)
    else { return nil }
    return record.printed == nil || (try? record.printed?.result) != nil ? record : nil
  }

  /// Records, and the files that they list.
  static let own = [
    OwnFile.json { json in
      guard case .string? = json["kind"], case .object? = json["fingerprint"], case .array? = json["outputs"] else {
        return false
      }
      return true
    },
    OwnFile { existing in
      let (folder, name) = (OutputFiles(existing.path).recordFolder, OutputFiles(existing.path).name)
      let records = ((try? Files.names(in: folder)) ?? []).filter { $0.hasSuffix(".json") }
      return records.contains { read(from: "\(folder)/\($0)")?.vouches(for: existing.path, name) ?? false }
    },
  ]

  /// Whether an output of this name was made here: its content is the same, or another file that the record lists was
  /// not touched since. A record that came with other files knows no times and inodes of this machine.
  private func vouches(for path: String, _ name: String) -> Bool {
    guard let output = outputs.first(where: { $0.stamp.name == name }) else { return false }
    let others = stream + inputs.values.joined() + outputs.filter { $0.stamp.name != name }
    return output.isContent(of: path)
      || others.contains { $0.stamp.number != nil && InputStamps([$0.path]).inputs.first == $0.stamp }
  }

  /// Writes the record. Throws `StreamError` if it cannot be written.
  func write(of artefact: String) throws {
    let path = Self.path(of: artefact)
    try AtomicFile.makeFolder(AtomicFile.folder(of: path))
    try AtomicFile.write(path, like: artefact, text: jsonLines())
  }
}

extension StageRecord.File {
  /// The current state of a regular file; nil for anything else. Throws `StreamError` if it cannot be read.
  init?(_ path: String, summed: Bool) throws {
    guard let stamp = InputStamps([path]).inputs.first, stamp.size != nil else { return nil }
    self.init(path: path, stamp: stamp, digest: summed ? try FileDigest.of(path) : nil)
  }

  /// Whether a file has this content, read if it was touched.
  fileprivate func isContent(of path: String) -> Bool {
    guard let now = InputStamps([path]).inputs.first, now.size != nil, now.size == stamp.size else { return false }
    return now == stamp || digest != nil && (try? FileDigest.of(path)) == digest
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
