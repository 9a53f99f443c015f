import Artefacts
import Engine
import Geometry
import Moments
import Storage
import Support

/// What measuring needs in memory, from the headers of its inputs and the numbers of classes.
struct MeasureMemory {
  let dimension: Int
  let keepsLowParts: Bool
  let within: WithinScatter
  let hasClassifier: Bool
  let hasTokenizer: Bool
  let options: GeometryOptions
  var moments = SecondMoments.trace

  /// Bytes that reading states and classifiers takes at a time.
  private static let reading = 32 << 20
  /// Bytes of a class's texts, and of its line in the table.
  private static let textBytes = 300
  private static let lineBytes = 320

  /// - Parameters:
  ///   - classes: K, all classes of the state.
  ///   - selected: how many of them are measured.
  ///   - largestGroup: the most classes of a group that is measured too.
  ///   - threshold: the most classes of a min-count that is measured too.
  func need(classes: Int, selected: Int, largestGroup: Int?, threshold: Int) -> MemoryNeed {
    let vector = dimension * MemoryLayout<Double>.size
    let parts = keepsLowParts ? 2 : 1
    var need = MemoryNeed()
    need.add(classes * parts * vector, for: "\(classes) class means")
    need.add(within == .none ? 0 : dimension * vector, for: "the within-class scatter")
    need.add(hasClassifier ? selected * vector : 0, for: "the classifier's rows")
    need.add(
      hasClassifier && options.hasSpectra ? HeadGram.bytes(dimension: dimension) : 0,
      for: "products of all rows of the classifier")
    let whole = working(selected, copies: selected < classes ? parts : 0)
    let group = largestGroup.map { working($0, copies: ($0 < classes ? parts : 0) + (hasClassifier ? 1 : 0)) }
    let rare = MeasuringMemory(
      threshold: threshold, of: selected, dimension: dimension, copies: parts + (hasClassifier ? 1 : 0),
      threads: options.threads)
    let most = [whole, group, rare].compactMap(\.self).max { $0.total < $1.total } ?? whole
    need.add(most.vectors, for: "centred means and other copies")
    need.add(most.matrices, for: "d × d matrices")
    let texts = Self.lineBytes + (hasTokenizer ? Self.textBytes : 0)
    let spreads = moments == .trace ? 0 : 2 * FeatureSpreads.bytesPerClass
    need.add(Self.reading + most.tables + classes * (32 + spreads) + selected * texts, for: "tiles, tables and buffers")
    return need
  }

  /// How a user can do with less.
  static func alternatives(_ stage: MeasureStage) -> [String] {
    let classes = "measure fewer classes with --min-count"
    return [classes] + (stage.geometry.hasSpectra ? ["leave out the spectra"] : [])
      + (stage.geometry.threads > 1 ? ["use fewer --threads"] : [])
  }

  /// How to merge parts in the memory that measuring takes later. Adds what merging takes beyond that.
  ///
  /// - Parameter kept: what stays in memory while parts are merged: the process, decisions, a tokenizer, and a list of
  ///   tokens. It is part of `need`.
  func merging(_ states: Int, classes: Int, kept: MemoryNeed, _ need: inout MemoryNeed) throws -> MergePlan {
    // The result of the merge is in memory too, and the table of classes while parts are left out.
    var held = kept
    held.add(
      (classes * (keepsLowParts ? 2 : 1) + (within == .none ? 0 : dimension)) * dimension * MemoryLayout<Double>.size,
      for: "the merge")
    held.add(classes * (Self.lineBytes + (hasTokenizer ? Self.textBytes : 0)), for: "the table")
    func plan(_ room: Int) throws -> MergePlan {
      try MergePlan(
        states: states, dimension: dimension, classes: classes, keepsLowParts: keepsLowParts, within: within,
        moments: moments, memory: room)
    }
    var room = max(need.total - held.total, Self.leastMerging)
    while room < 1 << 40, (try? plan(room)) == nil { room *= 2 }
    let plan = try plan(room)
    held.add(plan.byteCount, for: "merging")
    need.add(held.total - need.total, for: "merging the parts")
    return plan
  }

  /// Bytes in which most parts can be merged.
  private static let leastMerging = 128 << 20

  private func working(_ classes: Int, copies: Int) -> MeasuringMemory {
    MeasuringMemory(
      classes: classes, dimension: dimension, copies: copies, within: within, hasClassifier: hasClassifier,
      options: options)
  }
}

extension MemoryNeed {
  /// Adds what files take that are read whole before anything else: a tokenizer, and a list of tokens.
  mutating func addFiles(of stage: MeasureStage) {
    addSelection(tokenizer: stage.tokenizer?.value, tokens: stage.tokens?.value)
  }

  /// Adds the same and the decisions: what is in memory from the start to the end.
  mutating func addInputs(of stage: MeasureStage, decisions: [String]) throws {
    addFiles(of: stage)
    try addDecisions(decisions)
  }

  /// Adds what a tokenizer and a list of tokens take.
  mutating func addSelection(tokenizer: String?, tokens: String?) {
    if let tokenizer { addTokenizer(tokenizer) }
    if let tokens { add(MemoryBudget.share * FileSizes.total([tokens]), for: "the list of tokens") }
  }

  /// Adds what a tokenizer takes.
  mutating func addTokenizer(_ file: String) { add(MemoryBudget.share * FileSizes.total([file]), for: "the tokenizer") }

  /// Adds what decisions take.
  mutating func addDecisions(_ files: [String]) throws {
    let each = try files.map { try DecisionsReader.memory(of: $0) }
    // With several, their sum and one that is left out as well.
    add(.saturatingSum(each + (each.count > 1 ? each : [])), for: "the decisions")
  }
}
