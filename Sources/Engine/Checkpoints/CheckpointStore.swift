import Dispatch
import Formats
import Foundation
import Logging
import Storage
import Support
import Synchronization

/// The checkpoints of one stage, beside its output: the last and the one before.
///
/// A checkpoint is written under a temporary name while the stage waits. It is synced and renamed while the stage
/// continues. A damaged checkpoint is reported, and the one before is used.
package final class CheckpointStore {
  /// What a checkpoint belongs to, and how far it reaches.
  package struct Header: Codable {
    /// The options that affect the result, by name; see ``StageKind/fingerprint``.
    let fingerprint: [String: String]
    let inputs: InputStamps
    let position: StreamPosition
    /// State of the stages that the stream passes through, if any.
    var chain: TransformChainState?

    /// Rows of the stream that are completely processed.
    var rows: Int { position.rows + (chain?.rowsDone ?? 0) }
  }

  /// A checkpoint to resume from.
  package struct Found {
    package let header: Header
    package let file: CheckpointReader
  }

  /// The stage's artefact.
  let output: String
  private let files: OutputFiles
  let log: Logger
  /// The stage's name.
  let name: String
  private let finishing = DispatchGroup()
  /// The same, of all stores of this process.
  private static let finishingAll = DispatchGroup()
  private let queue = DispatchQueue(label: "collapse.checkpoint", qos: .utility)

  private static let headerSection = "header"

  private static let counter = Atomic<Int>(0)
  /// Checkpoints this process has committed to disk.
  static var kept: Int { counter.load(ordering: .relaxed) }

  package init(output: String, stage name: String, log: Logger) {
    (self.output, self.name, self.log) = (output, name, log)
    files = OutputFiles(output)
  }

  var current: String { files.checkpoint }
  var previous: String { files.previousCheckpoint }

  /// The last checkpoint file of an output, intact or not; nil if there is none.
  static func last(of output: String) -> String? {
    PipeOutput.isOne(output) ? nil : last(of: OutputFiles(output))
  }

  private static func last(of files: OutputFiles) -> String? {
    [files.checkpoint, files.previousCheckpoint].first { Files.exists($0) }
  }

  static func isThere(of files: OutputFiles) -> Bool { last(of: files) != nil }

  /// The last intact checkpoint, if any.
  ///
  /// Throws ``CheckpointError`` if it belongs to a different `fingerprint` or `inputs`.
  func find(_ fingerprint: [String: String], _ inputs: InputStamps) throws -> Found? {
    for path in [current, previous] where Files.exists(path) {
      let found: Found
      do {
        let file = try CheckpointReader(path)
        let header = try file.value(Self.headerSection, as: Header.self)
        guard header.position.isPossible else {
          throw file.refusal(expected: "a position in a stream", found: "impossible numbers")
        }
        guard header.position.canBeResumed, header.chain?.canBeResumed ?? true else {
          throw CheckpointReader.foreign(path)
        }
        found = Found(header: header, file: file)
      } catch {
        let reason = (error as? any DiagnosedError)?.diagnosis.summary ?? "\(path): \(error)"
        let next = path == current && Files.exists(previous)
        log.warning(
          "\(name): unusable checkpoint: \(reason); \(next ? "going back to the one before" : "starting over")")
        continue
      }
      if let difference = difference(fingerprint, inputs, from: found.header) {
        throw CheckpointError(checkpoint: path, output: output, difference: difference)
      }
      return found
    }
    return nil
  }

  private func difference(_ fingerprint: [String: String], _ inputs: InputStamps, from header: Header) -> String? {
    for key in Set(fingerprint.keys).union(header.fingerprint.keys).sorted()
    where fingerprint[key] != header.fingerprint[key] && !Self.isLooser(key, fingerprint, than: header) {
      return "\(key) was \(header.fingerprint[key] ?? "not given"), is \(fingerprint[key] ?? "not given")"
    }
    return inputs.difference(from: header.inputs)
  }

  /// Whether an option now accepts more rows, and all so far in the same way: rows before a checkpoint were finite if
  /// others were an error.
  private static func isLooser(_ key: String, _ fingerprint: [String: String], than header: Header) -> Bool {
    key == "nonfinite" && header.fingerprint[key] == NonfinitePolicy.error.rawValue
      && fingerprint[key] == NonfinitePolicy.skip.rawValue
  }

  /// Writes a checkpoint. `body` writes the state from which the stage resumes.
  ///
  /// The file is complete when this returns. It is committed to disk under its name later, at the latest when
  /// ``finish()`` returns. Failures are logged and do not end the run.
  func save(_ header: Header, _ body: (CheckpointWriter) throws -> Void) {
    finishing.wait()
    do {
      let pending = try makingRoom { try begin(header, body) }
      let (current, previous, log, name) = (current, previous, log, name)
      Self.finishingAll.enter()
      queue.async(group: finishing) {
        defer { Self.finishingAll.leave() }
        do {
          try pending.commit { rename(current, previous) }
          Self.counter.wrappingAdd(1, ordering: .relaxed)
        } catch {
          Self.tell(error, log, name)
        }
      }
    } catch {
      Self.tell(error, log, name)
    }
  }

  private func begin(_ header: Header, _ body: (CheckpointWriter) throws -> Void) throws -> AtomicFile.Pending {
    let pending = try AtomicFile.begin(current, like: output)
    do {
      let writer = try CheckpointWriter(pending.temporary, for: current)
      try writer.section(Self.headerSection, Array(JSONEncoder().encode(header)))
      try body(writer)
      try writer.finish()
      return pending
    } catch {
      pending.abandon()
      throw error
    }
  }

  private static func tell(_ error: any Error, _ log: Logger, _ name: String) {
    log.warning("\(name): could not write a checkpoint", of: error)
  }

  /// Waits until the last checkpoint is on disk.
  func finish() { finishing.wait() }

  /// Waits for the checkpoints of all stages. Only then may their locks be removed.
  static func finishAll() { finishingAll.wait() }

  /// Removes the checkpoints, after the artefact is written or when the user starts over.
  package func remove() {
    finishing.wait()
    for path in [current, previous] { unlink(path) }
  }
}

/// The checkpoint found belongs to a different run.
struct CheckpointError: DiagnosedError {
  let checkpoint: String
  let output: String
  let difference: String

  var isBadInput: Bool { true }
  var diagnosis: Diagnosis {
    Diagnosis(
      file: checkpoint, expected: "the checkpoint of an interrupted run with the same options and inputs",
      found: "a different one: \(difference)",
      advice: "run it as before to resume, give --restart to start over, or name an output other than \(output)")
  }
}
