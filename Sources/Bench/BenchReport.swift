import Foundation
import Moments
import Support

/// What a measurement found: for each subject the median time, what it moved, and the share of its limit.
/// End to end is a pass over classes that are all there; what it takes to start, to make the classes and to write the state
/// is apart, as a corpus pays for it once.
///
/// Limits, on T threads:
/// - decompression: T times the rate of one thread that decodes frame after frame;
/// - the kernel: the bandwidth of memory, for the bytes of its features and, for each class that a block has, of a mean read
///   and written: d·s + v·2·8d a row, with s bytes a feature and v visits of a mean a row (twice as much of each mean for
///   float32 and float64, whose means are two doubles). Means that stay in a cache need not be moved, which is why small
///   states can be beyond it;
/// - end to end, compressed: the time of decompression and of the kernel added, as both use all threads;
/// - end to end, plain: the time of the kernel and a Tth of the time of reading, which is one thread's, but at least that.
public struct BenchReport: Sendable {
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
  /// Visits of a class mean for every row.
  let visits: Double
  /// Classes that the stream turned out to have.
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

  /// Bytes that a subject's rate counts: of the buffer, of the stream's content, of features, of the state.
  private func bytes(_ subject: Subject) -> Int {
    switch subject {
    case .memory: bufferBytes
    case .decodeOneThread, .decode, .readPlain, .endToEndPlain, .endToEndCompressed: files.plainBytes
    case .kernel, .scatter: options.rows * options.dimension * options.type.byteCount
    case .state: stateBytes
    }
  }

  func bytesPerSecond(_ subject: Subject) -> Double { Double(bytes(subject)) / seconds(subject) }

  /// Nil for what has no rows.
  func rowsPerSecond(_ subject: Subject) -> Double? {
    subject == .memory || subject == .state ? nil : Double(options.rows) / seconds(subject)
  }

  /// Additions and multiplications of the scatter's upper triangle, where it is kept.
  var flopsPerSecond: Double? {
    let d = Double(options.dimension)
    return times[.scatter].map { Double(options.rows) * d * (d + 1) / $0 }
  }

  /// Bytes that the kernel has to move for a row; see the type's description.
  var kernelBytesPerRow: Double {
    let mean = 8 * options.dimension * (ClassMoments.carriesMeans(of: options.type) ? 2 : 1)
    return Double(options.dimension * options.type.byteCount) + visits * Double(2 * mean)
  }

  /// The time of the fold that the pipeline does.
  private var fold: Double { times[.scatter] ?? seconds(.kernel) }

  /// What a subject reaches of its limit, and the limit in words; nil for what has none.
  func share(_ subject: Subject) -> (share: Double, limit: String)? {
    let threads = Double(options.threads)
    switch subject {
    case .decode:
      return (seconds(.decodeOneThread) / (threads * seconds(.decode)), "\(options.threads) × one thread")
    case .kernel:
      let needed = kernelBytesPerRow * Double(options.rows) / bytesPerSecond(.memory)
      return (needed / seconds(.kernel), "memory, \(Int(kernelBytesPerRow.rounded())) bytes a row")
    case .endToEndPlain:
      let reading = seconds(.readPlain)
      return (max(reading, fold + reading / threads) / seconds(subject), "reading and kernel")
    case .endToEndCompressed: return ((seconds(.decode) + fold) / seconds(subject), "decompression and kernel")
    case .memory, .decodeOneThread, .readPlain, .scatter, .state: return nil
    }
  }

  /// Seconds for the corpus, start and state included, through one of the pipelines.
  func corpusSeconds(_ subject: Subject) -> Double {
    let flow = seconds(subject) * Double(options.corpus) / Double(options.rows)
    return flow + seconds(.state) * Double(corpusStateBytes) / Double(max(stateBytes, 1))
  }

  /// What one of the pipelines is bound by: whatever takes most of its time, and memory where the kernel does that and is at
  /// 70 % of what memory allows.
  func bottleneck(_ subject: Subject) -> String {
    let isCompressed = subject == .endToEndCompressed
    if seconds(isCompressed ? .decode : .readPlain) > fold { return isCompressed ? "decompression" : "reading" }
    if fold > 2 * seconds(.kernel) { return "scatter" }
    return (share(.kernel)?.share ?? 0) >= 0.7 ? "memory" : "kernel"
  }
}

extension BenchReport {
  /// One object: the machine, the stream, a member a subject, the corpus. Rates are bytes and rows a second.
  public var json: JSONValue {
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
      "within": .string(options.within.rawValue), "classes": .integer(classes), "mean_visits_per_row": .number(visits),
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
