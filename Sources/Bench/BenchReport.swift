import Foundation
import Moments
import Support

/// The results of a benchmark: for each subject the median time, its rate, and its share of the limit.
///
/// End to end is a pass over classes that already exist. Starting, making the classes and writing the state are
/// separate, because a corpus pays for them once.
///
/// Limits, on T threads:
/// - decompression: T times the rate of one thread that decodes frame by frame;
/// - the kernel: the bandwidth of memory, for the bytes of its features and, for each class in a block, of a mean read
///   and written. That is d·s + v·2·8d per row, with s bytes per feature and v visits to a mean per row. For float32
///   and float64 a mean is two doubles and counts twice; second moments of features count as a mean. Means that stay in a cache need not be moved, so small states
///   can exceed the limit;
/// - end to end, compressed: the times of decompression and of the kernel added, because both use all threads;
/// - end to end, plain: the time of the kernel plus a Tth of the time of reading, which one thread does. It is at least
///   the time of reading.
package struct BenchReport: Sendable {
  /// What is measured, by its name in JSON.
  enum Subject: String, CaseIterable, Sendable {
    case memory
    case decodeOneThread = "decode_one_thread"
    case decode
    case readPlain = "read_npy"
    case kernel
    case scatter = "kernel_with_scatter"
    case endToEndPlain = "end_to_end_npy"
    case endToEndCompressed = "end_to_end_npy_zst"
    case state = "start_classes_state"
  }

  let options: BenchOptions
  let files: SyntheticFiles
  /// Visits to a class mean per row.
  let visits: Double
  /// Number of classes found in the stream.
  let classes: Int
  /// Bytes of one pass over memory.
  let bufferBytes: Int
  /// Bytes of the stream's state, and of the corpus's.
  let stateBytes: Int
  let corpusStateBytes: Int
  /// Median seconds.
  let times: [Subject: Double]

  private func seconds(_ subject: Subject) -> Double { times[subject] ?? .nan }

  /// The subjects that were measured, in order.
  var subjects: [Subject] { Subject.allCases.filter { times[$0] != nil } }

  /// The bytes that a subject's rate counts: of the buffer, of the stream's content, of features, of the state.
  private func bytes(_ subject: Subject) -> Int {
    switch subject {
    case .memory: bufferBytes
    case .decodeOneThread, .decode, .readPlain, .endToEndPlain, .endToEndCompressed: files.plainBytes
    case .kernel, .scatter: options.rows * options.dimension * options.type.byteCount
    case .state: stateBytes
    }
  }

  func bytesPerSecond(_ subject: Subject) -> Double { Double(bytes(subject)) / seconds(subject) }

  /// nil for subjects without rows.
  func rowsPerSecond(_ subject: Subject) -> Double? {
    subject == .memory || subject == .state ? nil : Double(options.rows) / seconds(subject)
  }

  /// Additions and multiplications per second of the scatter's upper triangle, if it is kept.
  var flopsPerSecond: Double? {
    let d = Double(options.dimension)
    return times[.scatter].map { Double(options.rows) * d * (d + 1) / $0 }
  }

  /// Bytes that the kernel has to move per row; see the type's description.
  var kernelBytesPerRow: Double {
    Double(options.dimension * options.type.byteCount) + visits * Double(2 * options.classBytes)
  }

  /// The time of the fold in the pipeline.
  private var fold: Double { times[.scatter] ?? seconds(.kernel) }

  /// A subject's share of its limit, and the limit in words; nil if it has none.
  func share(_ subject: Subject) -> (share: Double, limit: String)? {
    let threads = Double(options.threads)
    switch subject {
    case .decode:
      return (seconds(.decodeOneThread) / (threads * seconds(.decode)), "\(options.threads) × one thread")
    case .kernel:
      let needed = kernelBytesPerRow * Double(options.rows) / bytesPerSecond(.memory)
      return (needed / seconds(.kernel), "memory, \(Int(kernelBytesPerRow.rounded())) bytes per row")
    case .endToEndPlain:
      let reading = seconds(.readPlain)
      return (max(reading, fold + reading / threads) / seconds(subject), "reading and kernel")
    case .endToEndCompressed: return ((seconds(.decode) + fold) / seconds(subject), "decompression and kernel")
    case .memory, .decodeOneThread, .readPlain, .scatter, .state: return nil
    }
  }

  /// Seconds for the corpus through one of the pipelines, including start and state.
  func corpusSeconds(_ subject: Subject) -> Double {
    let flow = seconds(subject) * Double(options.corpus) / Double(options.rows)
    return flow + seconds(.state) * Double(corpusStateBytes) / Double(max(stateBytes, 1))
  }

  /// What limits one of the pipelines: whatever takes most of its time. If that is the kernel and it reaches 70 % of
  /// what memory allows, the limit is memory.
  func bottleneck(_ subject: Subject) -> String {
    let isCompressed = subject == .endToEndCompressed
    if seconds(isCompressed ? .decode : .readPlain) > fold { return isCompressed ? "decompression" : "reading" }
    if fold > 2 * seconds(.kernel) { return "scatter" }
    return (share(.kernel)?.share ?? 0) >= 0.7 ? "memory" : "kernel"
  }
}

extension BenchReport {
  /// One object: the machine, the stream, one member per subject, the corpus. Rates are bytes and rows per second.
  package var json: JSONValue {
    .object(
      [
        .init("machine", Processor.json(threads: options.threads)), .init("stream", stream),
        .init("repeats", .integer(options.repeats)),
      ] + subjects.map { .init($0.rawValue, json($0)) } + [.init("corpus", corpus)])
  }

  private var stream: JSONValue {
    [
      "rows": .integer(options.rows), "dimension": .integer(options.dimension),
      "vocabulary": .integer(options.vocabulary), "type": .string(options.type.rawValue),
      "within": .string(options.within.rawValue), "moments": .string(options.moments.rawValue),
      "classes": .integer(classes), "mean_visits_per_row": .number(visits),
      "npy_bytes": .integer(files.plainBytes), "npy_zst_bytes": .integer(files.compressedBytes),
    ]
  }

  private func json(_ subject: Subject) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("seconds", .number(seconds(subject))), .init("bytes_per_second", .number(bytesPerSecond(subject))),
    ]
    if let rows = rowsPerSecond(subject) { members.append(.init("rows_per_second", .number(rows))) }
    if subject == .scatter, let flops = flopsPerSecond { members.append(.init("flops_per_second", .number(flops))) }
    if subject == .kernel { members.append(.init("bytes_per_row", .number(kernelBytesPerRow))) }
    if let share = share(subject)?.share { members.append(.init("share_of_limit", .number(share))) }
    return .object(members)
  }

  private var corpus: JSONValue {
    [
      "rows": .integer(options.corpus), "state_bytes": .integer(corpusStateBytes),
      "npy_zst_seconds": .number(corpusSeconds(.endToEndCompressed)),
      "npy_zst_bottleneck": .string(bottleneck(.endToEndCompressed)),
      "npy_seconds": .number(corpusSeconds(.endToEndPlain)),
      "npy_bottleneck": .string(bottleneck(.endToEndPlain)),
    ]
  }
}
