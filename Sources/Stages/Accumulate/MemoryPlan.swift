import Engine
import Formats
import Foundation
import Moments
import Storage
import Support

/// How much of a stage's memory holds class means, and where means go that do not fit.
///
/// Means of frequent classes stay in memory. Means of rare classes go to a scratch file and come back when a row of
/// their class arrives. This changes no bit of the result, and the scratch file is never larger than the means,
/// whatever the corpus size.
struct MemoryPlan: Sendable {
  /// Bytes the process may have.
  let memory: Int
  /// Folder for means that do not fit in memory.
  let scratch: String
  let dimension: Int
  /// Bytes of one class's mean, and of its second moments by feature if they are kept.
  let meanBytes: Int
  private let keepsLowParts: Bool
  private let moments: SecondMoments
  /// Extra bytes per class while it is measured; nil if nothing is measured.
  private let measuringBytes: Int?
  /// Bytes that do not hold means: the process itself, blocks, frames being decompressed, the scatter.
  let reserve: Int
  /// The part of `reserve` that the input's chunking takes.
  private let keptBytes: Int
  /// The part of `reserve` that large windows of Zstandard frames take.
  private let windowBytes: Int
  /// V, if it was given.
  let vocabulary: Int?
  /// States that are accumulated at once, which share the memory evenly.
  private let parts: Int
  /// The most means of all parts, if V was given.
  private let mostMeans: Int?
  /// Means that must be in memory at once.
  private let leastMeans: Int
  private let within: WithinScatter
  /// How to get more memory; advice starts with it.
  let adviceToRaiseMemory: String

  /// Token ids are 32-bit, whatever vocabulary is given.
  private static let mostTokens = 1 << 31

  /// The process with its libraries, and tables of a few bytes per class.
  private static let process = 64 << 20

  /// Bytes of the tables of one class in one of several parts, in memory or not.
  private static let tableBytes = 80

  /// Classes of a part if V is unknown.
  private static let usualClasses = 1 << 16

  /// - Parameters:
  ///   - shape: of the stream whose blocks are also in memory; nil if there is none.
  ///   - keepsLowParts: whether each mean is stored as two doubles.
  ///   - measures: whether there is a ``Timeline``.
  ///   - parts: P, if the stream is divided among several states.
  init(
    memory: Int?, scratch: String, dimension: Int, keepsLowParts: Bool, within: WithinScatter,
    moments: SecondMoments = .trace, stream shape: StreamShape?,
    vocabulary: Int?, measures: Bool = false, parts: Int? = nil
  ) {
    self.memory = ResourceLimits.memory(given: memory)
    adviceToRaiseMemory = ResourceLimits.adviceToRaiseMemory(than: memory)
    (self.scratch, self.dimension) = (scratch, dimension)
    let classes = vocabulary.map { min($0, Self.mostTokens) }
    let (parts, rows) = (parts ?? 1, shape?.maximumRows ?? .max)
    (self.vocabulary, self.parts, self.within) = (classes, parts, within)
    mostMeans = classes.map { min(parts * $0, max(rows, $0)) }
    leastMeans = Self.leastMeans(dimension: dimension, within: within, parts: parts)
    meanBytes = dimension * MemoryLayout<Double>.size * moments.rowsPerClass(keepsLowParts: keepsLowParts)
    (self.keepsLowParts, self.moments) = (keepsLowParts, moments)
    let timeline =
      measures ? Timeline.memory(dimension: dimension, keepsLowParts: keepsLowParts, within: within) : nil
    measuringBytes = timeline?.perClass
    let stream = shape?.bytesAtOnce ?? 0
    (keptBytes, windowBytes) = (shape?.keptBytes ?? 0, shape?.windowBytes ?? 0)
    let tables = parts > 1 ? Self.tableBytes * min(parts * (classes ?? Self.usualClasses), rows) : 0
    reserve =
      Self.process + stream
      + ClassMoments.workingBytes(dimension: dimension, within: within, moments: moments, parts: parts) + tables
      + (timeline?.fixed ?? 0)
  }

  /// The means of all parts that must be in memory. Parts take turns, so with many of them each may have few.
  private static func leastMeans(dimension: Int, within: WithinScatter, parts: Int) -> Int {
    let least = ClassMoments.leastResident(dimension: dimension, within: within)
    guard parts > 1 else { return least }
    return parts * (within == .none ? max(least / parts, 16) : least)
  }

  /// The most means that fit in memory.
  var residentMeans: Int { max(memory - reserve, 0) / classBytes }

  private var classBytes: Int { meanBytes + (measuringBytes ?? 0) }

  /// The most classes that can be measured while the stream runs, because all their means are in memory. Means that
  /// turn out to be two doubles take up to twice the planned memory.
  func measurable(carryingMeans: Bool) -> Int { fitting(residentMeans, carryingMeans: carryingMeans) }

  /// How many classes fit in the memory planned for so many.
  func fitting(_ planned: Int, carryingMeans: Bool) -> Int {
    if carryingMeans == keepsLowParts { return planned }
    return planned / moments.rowsPerClass(keepsLowParts: true) * moments.rowsPerClass(keepsLowParts: false)
  }

  /// The limit on means in memory; nil if the vocabulary shows that they all fit.
  var limit: ResidentLimit? {
    if let mostMeans, mostMeans <= residentMeans { return nil }
    return ResidentLimit(rows: residentMeans / parts, folder: scratch)
  }

  /// Refuses a stage that cannot fit in memory and scratch space, before anything is read.
  func check() throws {
    guard residentMeans >= min(leastMeans, mostMeans ?? .max) else {
      let least = leastMeans * classBytes
      throw MomentsError(
        .outOfMemory,
        expected:
          "at least \(ByteCount.describe(reserve + least)) of memory, for dimension \(dimension)\(inParts)\(chunks)",
        found: ByteCount.describe(memory),
        advice: adviceToRaiseMemory + (parts > 1 ? ", or ask for fewer --parts" : "")
          + (within == .none ? "" : ", or leave out --within \(within.rawValue)")
          + (moments == .trace ? "" : ", or leave out --moments \(moments.rawValue)")
          + (keptBytes > 0 ? ", or rewrite the input in smaller chunks (h5repack -l)" : "")
          + (windowBytes > 0 ? ", or compress the input again without --long" : ""))
    }
    if measuringBytes != nil, let vocabulary, vocabulary > residentMeans {
      throw MomentsError(
        .outOfMemory,
        expected:
          "memory to measure \(vocabulary) classes during the stream, \(ByteCount.describe(classBytes)) each on top of "
          + ByteCount.describe(reserve), found: ByteCount.describe(memory),
        advice: "\(adviceToRaiseMemory), or leave --measure-every out")
    }
    guard limit != nil, let mostMeans, let room = TemporaryFile.room(in: scratch) else { return }
    let needed = mostMeans * meanBytes
    guard room >= needed else {
      throw MomentsError(
        .outOfMemory, file: scratch, expected: "\(ByteCount.describe(needed)) of scratch space for \(mostMeans) means",
        found: ByteCount.describe(room), advice: "give --scratch a folder with more room, or \(adviceToRaiseMemory)")
    }
  }

  private var inParts: String { parts > 1 ? " in \(parts) parts" : "" }

  /// The memory that large chunks and windows take, if there are any.
  private var chunks: String {
    let parts = [("large chunks of the input", keptBytes), ("large Zstandard windows of the input", windowBytes)]
    return parts.filter { $0.1 > 0 }.map { " and \($0.0), which take \(ByteCount.describe($0.1))" }.joined()
  }

  /// The error of ``check()``; nil if it passes.
  var refusal: String? {
    do {
      try check()
      return nil
    } catch {
      return (error as? any DiagnosedError)?.diagnosis.summary ?? "\(error)"
    }
  }

  /// The memory for `classes` classes, in words.
  func forecast(classes: ClassEstimate) -> String {
    let estimate = SizeEstimate(fixed: reserve, perClass: parts * classBytes, classes: classes)
    guard let most = classes.most, most <= residentMeans / parts else {
      return
        "\(ByteCount.describe(reserve)) and \(ByteCount.describe(parts * classBytes)) per class\(inParts), at most \(ByteCount.describe(memory))"
    }
    return estimate.memory
  }

  /// Most bytes for `classes` classes, if memory is unlimited; nil if unknown.
  func peak(classes: ClassEstimate) -> Int? {
    SizeEstimate(fixed: reserve, perClass: parts * classBytes, classes: classes).most
  }

  /// Whether memory may be too small, so that a run should log its plan first.
  var isTight: Bool {
    guard limit != nil else { return false }
    return vocabulary != nil || residentMeans / parts < Self.largestVocabulary
  }

  /// No common tokenizer has more tokens.
  private static let largestVocabulary = 1 << 18

  /// The plan in words: what fits, what goes to scratch, and how fast that can be.
  func description(stream shape: StreamShape?) throws -> String {
    let classes = vocabulary ?? Self.largestVocabulary
    let resident = residentMeans / parts
    var text = """
      a mean\(moments == .trace ? "" : " with its second moments") takes \(ByteCount.describe(meanBytes)); of \(ByteCount.describe(memory)), \(ByteCount.describe(reserve)) are for \
      blocks and buffers, and \(residentMeans) means fit in the rest
      """
    if let measuringBytes {
      text += ", with \(ByteCount.describe(measuringBytes)) each to measure them during the stream"
    }
    if parts > 1 { text += ", \(resident) of each of the \(parts) parts" }
    guard resident < classes else { return text + ": all of them" }
    if measuringBytes != nil { text += ". With more classes, the timeline has no statistics" }
    text += ". Means of rarer classes go to \(scratch.isEmpty ? "." : scratch)"
    if let room = TemporaryFile.room(in: scratch) { text += " (\(ByteCount.describe(room)) free)" }
    guard let shape else { return text }
    let moves = Self.moves(classes: classes, resident: resident, window: max(shape.blockRows / parts, 1))
    let speed = try ScratchSpeed.measure(in: scratch, dimension: dimension)
    let rate = moves > 0 ? speed / (moves * 2 * Double(meanBytes)) : .infinity
    return text
      + String(
        format: ". If %d classes follow Zipf's law, %.0f of 1000 rows wait for a mean, and scratch at %.1f GB/s allows "
          + "at most %@ rows/s", classes, 1000 * moves, speed / 1e9, ProgressDisplay.grouped(Int(saturating: rate)))
  }

  /// Expected means read from scratch per row, if tokens follow Zipf's law and the most frequent are in memory. It is Σ
  /// over the others of the chance to occur in a window, divided by the window's rows.
  static func moves(classes: Int, resident: Int, window: Int) -> Double {
    let harmonic = (1...max(classes, 1)).reduce(0) { $0 + 1 / Double($1) }
    guard resident < classes else { return 0 }
    let occurring = (resident + 1...classes).reduce(0.0) { sum, rank in
      sum - expm1(Double(window) * log1p(-1 / (Double(rank) * harmonic)))
    }
    return occurring / Double(window)
  }
}

/// How fast rows of means are written to a scratch file and read back.
private enum ScratchSpeed {
  /// Bytes per second, both ways together, for a few MiB that stay in the system's cache: no disk is faster.
  static func measure(in folder: String, dimension: Int) throws -> Double {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: dimension * MemoryLayout<Double>.size, alignment: 64)
    defer { bytes.deallocate() }
    bytes.initializeMemory(as: UInt8.self, repeating: 1)
    let file = try ScratchFile(in: folder)
    let rows = max((8 << 20) / bytes.count, 1)
    let start = ContinuousClock.now
    for row in 0..<rows { try file.write(UnsafeRawBufferPointer(bytes), at: row * bytes.count) }
    for row in 0..<rows { try file.read(at: row * bytes.count, into: bytes) }
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    return 2 * Double(rows * bytes.count) / max(elapsed, 1e-9)
  }
}
