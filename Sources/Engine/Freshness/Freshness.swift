import Formats
import Foundation
import Storage
import Support

/// Whether an artefact is up to date, and if not, why.
package enum Freshness: Sendable, Equatable {
  /// It is up to date.
  case fresh
  case stale(String)

  /// Why a stage runs for the first time.
  static let notMade = "it has not been made yet"
}

/// The inputs from which a stage would make its artefact now.
struct StageInputs: Sendable {
  let kind: String
  let fingerprint: [String: String]
  /// Files of its stream.
  let stream: [String]
  /// Whether the stage uses only the labels and features of a stream, so that their checksum identifies it.
  let samplesSayAll: Bool
  /// Other files it reads, by option.
  let files: [String: [String]]
  /// All files it writes.
  let outputs: [String]

  /// Reads `stream` again and returns the checksum of its samples.
  typealias Summing = () throws -> String

  /// Compares with the record of the artefact. Reads the content of files that were touched since.
  ///
  /// Throws `StreamError` if a file cannot be read, and any error of `summing`.
  func freshness(of record: StageRecord, summing: Summing) throws -> Freshness {
    if let reason = differenceOfFingerprint(record) { return .stale(reason) }
    for output in outputs {
      guard let then = record.outputs.first(where: { $0.path == output }) else {
        return .stale("\(output) has not been made yet")
      }
      if let reason = try difference(then, output, "") { return .stale(reason) }
    }
    for option in Set(files.keys).union(record.inputs.keys).sorted() {
      let (now, then) = (files[option] ?? [], record.inputs[option] ?? [])
      guard now.count == then.count else {
        return .stale("\(option) named \(then.count) file(s), names \(now.count)")
      }
      for (path, file) in zip(now, then) {
        if let reason = try difference(file, path, "\(option): ") { return .stale(reason) }
      }
    }
    return try freshnessOfStream(record, summing)
  }

  private func differenceOfFingerprint(_ record: StageRecord) -> String? {
    if record.kind != kind { return "it was made by \(record.kind)" }
    if record.release != collapseVersion { return "it was made by release \(record.release)" }
    for key in Set(fingerprint.keys).union(record.fingerprint.keys).sorted()
    where fingerprint[key] != record.fingerprint[key] {
      return "\(key) was \(record.fingerprint[key] ?? "not given"), is \(fingerprint[key] ?? "not given")"
    }
    return nil
  }

  private func difference(_ then: StageRecord.File, _ path: String, _ prefix: String) throws -> String? {
    guard Files.exists(path) else { return "\(prefix)\(path) is missing" }
    switch then.compare(with: path) {
    case .same: return nil
    case .different(let reason), .resized(let reason): return prefix + reason
    case .touched:
      return try FileDigest.of(path) == then.digest ? nil : "\(prefix)\(path) has changed"
    }
  }

  private func freshnessOfStream(_ record: StageRecord, _ summing: Summing) throws -> Freshness {
    guard stream.count == record.stream.count else {
      return .stale("the stream had \(record.stream.count) input(s), has \(stream.count)")
    }
    var wasTouched = false
    for (path, then) in zip(stream, record.stream) {
      switch then.compare(with: path) {
      case .same: break
      case .touched: wasTouched = true
      // A file that has grown may still start with the same rows.
      case .resized where fingerprint["rows"] != nil: wasTouched = true
      case .resized(let reason), .different(let reason): return .stale(reason)
      }
    }
    guard wasTouched else { return .fresh }
    guard samplesSayAll else { return .stale("the stream was touched, and predictions have no checksum to compare") }
    return try summing() == record.samplesDigest ? .fresh : .stale("the samples of the stream have changed")
  }

  /// Whether a file was touched since, although its content is the same.
  func wasTouched(since record: StageRecord) -> Bool {
    let pairs =
      Array(zip(stream, record.stream)) + files.flatMap { option, paths in zip(paths, record.inputs[option] ?? []) }
      + outputs.compactMap { output in record.outputs.first { $0.path == output }.map { (output, $0) } }
    return pairs.contains { path, then in
      switch then.compare(with: path) {
      case .touched, .resized: true
      case .same, .different: false
      }
    }
  }

  /// Stamps of its inputs as they are now.
  var stamps: InputStamps { InputStamps(stream + files.sorted { $0.key < $1.key }.flatMap(\.value)) }

  /// Whether the inputs have the content that the artefact was made from.
  ///
  /// If only permissions or links of the stream's files changed, its samples are read again. Other files have no
  /// earlier checksum, so any change counts.
  func stayed(since before: InputStamps, _ samplesDigest: String?, summing: Summing) throws -> Bool {
    let now = stamps
    if now == before { return true }
    guard let samplesDigest, samplesSayAll, now.isSame(as: before, exceptStatusOfFirst: stream.count) else {
      return false
    }
    return try summing() == samplesDigest
  }

  /// The record of an artefact just made. Nil if an input or output is not a regular file, because later changes could
  /// not be detected.
  func record(samplesDigest: String?, _ printed: StageRecord.Printed?) throws -> StageRecord? {
    func all(_ paths: [String], summed: Bool) throws -> [StageRecord.File]? {
      let files = try paths.compactMap { try StageRecord.File($0, summed: summed) }
      return files.count == paths.count ? files : nil
    }
    var inputs: [String: [StageRecord.File]] = [:]
    for (option, paths) in files {
      guard let files = try all(paths, summed: true) else { return nil }
      inputs[option] = files
    }
    guard let stream = try all(stream, summed: false), let outputs = try all(outputs, summed: true) else { return nil }
    return StageRecord(
      kind: kind, release: collapseVersion, fingerprint: fingerprint, stream: stream, samplesDigest: samplesDigest,
      inputs: inputs, outputs: outputs, printed: printed)
  }
}
