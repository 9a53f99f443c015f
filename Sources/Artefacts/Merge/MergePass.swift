import Geometry
import Moments
import Storage
import Support

/// One pass over some states: merges them into a file or memory, range by range, in the order of ``MergeTree``.
///
/// A state is open only while one of its ranges is read.
final class MergePass {
  private let states: [StateReader]
  private let plan: MergePlan
  private let workers: WorkerThreads
  private let dimension: Int
  private let within: WithinScatter
  private let moments: SecondMoments
  private let unit: Int
  private let keepsLowParts: Bool
  private let scatters: ScatterTree?
  /// Buffers for ranges, kept for reuse.
  private var free: [RangeMoments] = []

  /// - Precondition: `states` is not empty, and all have one dimension and keep the same moments.
  init(_ states: [StateReader], plan: MergePlan, workers: WorkerThreads) throws {
    (self.states, self.plan, self.workers) = (states, plan, workers)
    (dimension, within, moments) = (states[0].dimension, states[0].within, states[0].moments)
    keepsLowParts = states.contains(where: \.keepsLowParts)
    let unit = MergePlan.classesPerUpdate(dimension: dimension, within: within)
    self.unit = unit
    scatters = try within.precision.map {
      try ScatterTree(dimension: states[0].dimension, precision: $0, classesPerUpdate: unit, workers: workers)
    }
  }

  /// Writes a file over the one at `path`, for the output `name`, and returns its number of classes and samples.
  ///
  /// Calls `checkpoint` with the bytes of each piece read; it may throw to stop.
  func write(
    _ path: String, for name: String, _ provenance: Provenance, checkpoint: (Int) throws -> Void
  ) throws -> StateMerge.Summary {
    let writer = try merge(checkpoint) { format in
      try DiskSpace.check(name, bytes: format.byteCount)
      return try StateWriter(path, for: name, format)
    }
    try writer.finish(provenance)
    return StateMerge.Summary(classes: writer.classes, samples: writer.samples)
  }

  /// Merges the states into memory. Calls `checkpoint` like ``write(_:for:_:checkpoint:)``.
  func held(_ provenance: Provenance, checkpoint: (Int) throws -> Void) throws -> HeldState {
    try merge(checkpoint) { try HeldStateBuilder($0) }.finish(provenance)
  }

  private func merge<Sink: MergeSink>(
    _ checkpoint: (Int) throws -> Void, into begin: (StateFormat) throws -> Sink
  ) throws -> Sink {
    var union = TokenUnion()
    for state in states {
      union.add(try state.tokens())
      try checkpoint(0)
    }
    let tokens = union.tokens
    let format = StateFormat(
      dimension: dimension, classes: tokens.count, keepsLowParts: keepsLowParts, within: within, moments: moments)
    let sink = try begin(format)
    var checks = states.map { StateCheck($0) }
    for range in union.ranges(ofAtMost: plan.classesAtOnce, unit: unit) {
      let merged = try merge(tokens[range], &checks, checkpoint)
      try deliver(merged, tokens[range], to: sink)
      free.append(merged)
    }
    free = []
    try finish(checks, sink, checkpoint)
    return sink
  }

  private func merge(
    _ range: ArraySlice<Int32>, _ checks: inout [StateCheck], _ checkpoint: (Int) throws -> Void
  ) throws -> RangeMoments {
    let units = scatters == nil ? [0..<range.count] : TokenUnion.units(range, unit)
    return try MergeTree.reduce(states.indices) { number in
      let held =
        try free.popLast()
        ?? RangeMoments(
          capacity: plan.classesAtOnce, dimension: dimension, keepsLowParts: keepsLowParts, moments: moments)
      try checkpoint(try states[number].read(range, into: held, &checks[number]))
      return held
    } join: { left, right, join in
      for places in units {
        let rows = left.merge(right, places, deltas: scatters?.deltas, workers: workers)
        scatters?.update(join, rows: rows)
      }
      free.append(right)
      return left
    }
  }

  private func deliver(_ moments: RangeMoments, _ range: ArraySlice<Int32>, to sink: some MergeSink) throws {
    let chunk = MomentsTable.rowsPerRun(dimension: dimension)
    for start in stride(from: 0, to: range.count, by: chunk) {
      try sink.take(try moments.classes(start..<min(start + chunk, range.count), of: range))
    }
  }

  /// Merges the scatters, and checks that every state was read as it was written.
  private func finish(
    _ checks: [StateCheck], _ sink: some MergeSink, _ checkpoint: (Int) throws -> Void
  ) throws {
    guard let scatters else {
      for (state, check) in zip(states, checks) { try state.finish(check) { _, _ in } }
      return
    }
    let whole = try scatters.reduce(states.count) { number, body in
      try states[number].finish(checks[number], scatter: body)
      try checkpoint(dimension * dimension * MemoryLayout<Double>.size)
    }
    try sink.take(whole)
  }
}
