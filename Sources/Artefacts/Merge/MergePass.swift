import Geometry
import Moments
import Storage
import Support

/// One pass over some states: merges them into a file, range by range, in the order of ``MergeTree``.
///
/// A state is open only while one of its ranges is read.
final class MergePass {
  private let states: [StateReader]
  private let plan: MergePlan
  private let workers: WorkerThreads
  private let dimension: Int
  private let within: WithinScatter
  private let unit: Int
  private let keepsLowParts: Bool
  private let scatters: ScatterTree?
  /// Buffers for ranges, kept for reuse.
  private var free: [RangeMoments] = []

  /// - Precondition: `states` is not empty, and all have one dimension and kind of scatter.
  init(_ states: [StateReader], plan: MergePlan, workers: WorkerThreads) {
    (self.states, self.plan, self.workers) = (states, plan, workers)
    (dimension, within) = (states[0].dimension, states[0].within)
    keepsLowParts = states.contains(where: \.keepsLowParts)
    let unit = MergePlan.classesPerUpdate(dimension: dimension, within: within)
    self.unit = unit
    scatters = within.precision.map {
      ScatterTree(dimension: states[0].dimension, precision: $0, classesPerUpdate: unit, workers: workers)
    }
  }

  /// Writes a file over the one at `path`, for the output `name`, and returns its number of classes and samples.
  ///
  /// Calls `checkpoint` with the bytes of each piece read; it may throw to stop.
  func write(
    _ path: String, for name: String, _ provenance: Provenance, checkpoint: (Int) throws -> Void
  ) throws -> StateMerge.Summary {
    var union = TokenUnion()
    for state in states {
      union.add(try state.tokens())
      try checkpoint(0)
    }
    let tokens = union.tokens
    let format = StateFormat(
      dimension: dimension, classes: tokens.count, keepsLowParts: keepsLowParts, within: within)
    try DiskSpace.check(name, bytes: format.byteCount)
    let writer = try StateWriter(path, for: name, format)
    var checks = states.map { StateCheck($0) }
    for range in union.ranges(ofAtMost: plan.classesAtOnce, unit: unit) {
      let merged = try merge(tokens[range], &checks, checkpoint)
      try write(merged, tokens[range], to: writer)
      free.append(merged)
    }
    free = []
    try finish(checks, writer, checkpoint)
    try writer.finish(provenance)
    return StateMerge.Summary(classes: tokens.count, samples: writer.samples)
  }

  private func merge(
    _ range: ArraySlice<Int32>, _ checks: inout [StateCheck], _ checkpoint: (Int) throws -> Void
  ) throws -> RangeMoments {
    let units = scatters == nil ? [0..<range.count] : TokenUnion.units(range, unit)
    return try MergeTree.reduce(states.indices) { number in
      let moments =
        free.popLast()
        ?? RangeMoments(capacity: plan.classesAtOnce, dimension: dimension, keepsLowParts: keepsLowParts)
      try checkpoint(try states[number].read(range, into: moments, &checks[number]))
      return moments
    } join: { left, right, join in
      for places in units {
        let rows = left.merge(right, places, deltas: scatters?.deltas, workers: workers)
        scatters?.update(join, rows: rows)
      }
      free.append(right)
      return left
    }
  }

  private func write(_ moments: RangeMoments, _ range: ArraySlice<Int32>, to writer: StateWriter) throws {
    let chunk = MomentsTable.rowsPerRun(dimension: dimension)
    for start in stride(from: 0, to: range.count, by: chunk) {
      let rows = moments.classes(start..<min(start + chunk, range.count), of: range)
      try writer.prepare(rows)
      try writer.write(rows)
    }
  }

  /// Merges the scatters, and checks that every state was read as it was written.
  private func finish(
    _ checks: [StateCheck], _ writer: StateWriter, _ checkpoint: (Int) throws -> Void
  ) throws {
    guard let scatters else {
      for (state, check) in zip(states, checks) { try state.finish(check) { _, _ in } }
      return
    }
    let whole = try scatters.reduce(states.count) { number, body in
      try states[number].finish(checks[number], scatter: body)
      try checkpoint(dimension * dimension * MemoryLayout<Double>.size)
    }
    try writer.write(whole)
  }
}
