import Engine
import Formats
import Foundation
import Plan

/// The jobs of a pipeline's stages that are to be made, in an order in which each finds those before it that it needs.
///
/// Shards of a stage, and what a matrix repeats, are tasks of one array. Of other stages those that take little are run
/// with what they wait for, in one job: a chain of small ones needs no queue between them.
struct SlurmPlan {
  private(set) var jobs: [SlurmJob] = []
  /// By number of the job.
  private(set) var settings: [SlurmSettings] = []

  private let graph: PipelineGraph
  /// The job of a stage that is to be made.
  private var jobOf: [Int: Int] = [:]
  private var drafts: [Draft] = []
  /// Bytes that a stage and all that it is made of here read.
  private var bytes: [Int: Int] = [:]
  /// What the stages of a unit are expected to take, by the first of them.
  private var seconds: [Int: Double] = [:]

  /// Streams of fewer bytes, and what is made of them, are small.
  private static let smallBytes = 256 << 20
  /// Tasks of an array at most: what Slurm takes where its MaxArraySize is as it comes.
  private static let longestArray = 1000
  /// Seconds for a merge or a sweep over pairs, whose size is not known before its states are.
  private static let largeArtefact = 1800.0
  /// What a stage reads in a second at least, on a shared disk with an old processor.
  private static let slowestRead = 25e6

  /// A job being put together.
  private struct Draft {
    var name: String
    var tasks: [[Int]]
    var isArray: Bool
    var needs: Set<Int>
    var isOwn: Bool
  }

  /// - Parameters:
  ///   - freshness: of stages; those that are fresh need no job.
  ///   - forecast: of a stage's memory, in bytes, and of the time it takes beside reading, in seconds.
  init(
    _ graph: PipelineGraph, _ plan: RunPlan, _ freshness: [Int: Freshness],
    forecast: (Int) throws -> StageForecast
  ) throws {
    self.graph = graph
    var arrays: [String: Int] = [:]
    var levels: [Int: Int] = [:]
    for unit in plan.units {
      let due = unit.filter { !graph.stages[$0].makesStream && freshness[$0] != .fresh }
      guard !due.isEmpty else { continue }
      let waits = due.flatMap { graph.stages[$0].needs }.filter { jobOf[$0] != nil }
      let needs = Set(waits.compactMap { jobOf[$0] })
      let level = 1 + (waits.compactMap { levels[$0] }.max() ?? 0)
      for number in due { levels[number] = level }
      let own = try own(unit, plan)
      let size = own + waits.reduce(0) { Self.sum($0, bytes[$1] ?? 0) }
      for number in due { bytes[number] = size }
      if let first = due.first {
        let isLarge = size > Self.smallBytes && graph.stages[first].upstream.isEmpty
        seconds[first] = Double(own) / Self.slowestRead + (isLarge ? Self.largeArtefact : 0)
      }
      let names = Set(due.map { graph.stages[$0].shard?.written ?? graph.stages[$0].written }).sorted()
      let isRepeated = due.allSatisfy { graph.stages[$0].shard != nil || !graph.stages[$0].values.isEmpty }
      let key = "\(level) \(names.joined(separator: " "))"
      let job: Int
      if isRepeated, let array = arrays[key] {
        job = array
        drafts[job].tasks.append(due)
        drafts[job].needs.formUnion(needs)
      } else if !isRepeated, let joined = joined(due, needs, isSmall: isSmall(due, size)) {
        job = joined
        drafts[job].tasks[0] += due
      } else {
        job = drafts.count
        let isOwn = due.contains { graph.description.stages[$0].hasSlurm }
        drafts.append(
          Draft(name: names.joined(separator: "-"), tasks: [due], isArray: isRepeated, needs: needs, isOwn: isOwn))
        if isRepeated { arrays[key] = job }
      }
      if isRepeated, drafts[job].tasks.count == Self.longestArray { arrays[key] = nil }
      for number in due { jobOf[number] = job }
    }
    let order = inOrder()
    let numbers = Dictionary(uniqueKeysWithValues: zip(order, 1...))
    for job in order { try finish(drafts[job], numbers, forecast) }
  }

  /// The job that a small stage can be run in: one that has or waits for all that it needs; at the start, that of other small
  /// ones.
  private func joined(_ due: [Int], _ needs: Set<Int>, isSmall: Bool) -> Int? {
    guard isSmall, due.allSatisfy({ !graph.description.stages[$0].hasSlurm }) else { return nil }
    func canTake(_ job: Int) -> Bool { !drafts[job].isArray && !drafts[job].isOwn }
    if needs.isEmpty { return drafts.indices.first { canTake($0) && drafts[$0].needs.isEmpty } }
    return needs.sorted(by: >).first { job in
      canTake(job) && needs.subtracting([job]).isSubset(of: before(job))
    }
  }

  /// The jobs that a job waits for, directly or not.
  private func before(_ job: Int) -> Set<Int> {
    var (found, next) = (drafts[job].needs, Array(drafts[job].needs))
    while let job = next.popLast() {
      for other in drafts[job].needs where found.insert(other).inserted { next.append(other) }
    }
    return found
  }

  /// The jobs, each behind those that it waits for, else as they were begun: an array that was begun early may have got a task
  /// that waits for a later job.
  private func inOrder() -> [Int] {
    var (order, done) = ([Int](), Set<Int>())
    func take(_ job: Int) {
      guard done.insert(job).inserted else { return }
      for other in drafts[job].needs.sorted() { take(other) }
      order.append(job)
    }
    for job in drafts.indices { take(job) }
    return order
  }

  /// Amounts that are not known are as large as can be, and so are sums of them.
  private static func sum(_ one: Int, _ other: Int) -> Int {
    let (sum, isTooLarge) = one.addingReportingOverflow(other)
    return isTooLarge ? .max : sum
  }

  private func isSmall(_ due: [Int], _ size: Int) -> Bool {
    let light: [Product] = [.table, .study, .report]
    return size <= Self.smallBytes || due.allSatisfy { light.contains(type(of: graph.stages[$0].kind).product) }
  }

  /// Bytes of the files that the stages of a unit read.
  private func own(_ unit: [Int], _ plan: RunPlan) throws -> Int {
    try unit.reduce(0) { sum, number in
      if let read = graph.stages[number].reading { return Self.sum(sum, try Self.bytes(of: read)) }
      let files = graph.stages[number].sources.values.joined().compactMap { source in
        source.file { jobOf[$0] == nil ? plan.output($0) : nil }
      }
      return Self.sum(sum, FileSizes.total(files))
    }
  }

  private static func bytes(of read: any ReadingStage) throws -> Int {
    guard read.command == nil else { return .max >> 8 }
    let inputs = try read.inputs()
    let total = FileSizes.total(inputs)
    if inputs.isEmpty || total == 0 { return .max >> 8 }
    guard let rows = read.rows, let shape = try EmbeddingReader(inputs: inputs, options: read.options()).shape() else {
      return total
    }
    return min(total, rows.count * shape.dimension * shape.scalar.byteCount)
  }

  private mutating func finish(
    _ draft: Draft, _ numbers: [Int: Int], _ forecast: (Int) throws -> StageForecast
  ) throws {
    let own = draft.tasks.joined().first { graph.description.stages[$0].hasSlurm }
    var settings = (own.map { graph.stages[$0].sections } ?? graph.sections).slurm
    // Shards are alike; what a matrix repeats need not be.
    var seen: Set<[String]> = []
    let unlike = draft.tasks.filter { task in
      seen.insert(task.flatMap { graph.stages[$0].values.map(\.value) }).inserted
    }
    let forecasts = try unlike.joined().map(forecast)
    let peaks = forecasts.map(\.peak)
    if peaks.allSatisfy({ $0 != nil }), let most = peaks.compactMap({ $0 }).max() { settings.suggest(bytes: most) }
    let longest = draft.tasks.map { task in task.reduce(0) { $0 + (seconds[$1] ?? 0) } }.max() ?? 0
    settings.suggest(seconds: longest)
    jobs.append(
      SlurmJob(
        number: jobs.count + 1, name: "collapse.\(graph.name).\(draft.name)",
        tasks: draft.tasks.map { $0.map { graph.stages[$0].name } }, isArray: draft.isArray,
        needs: draft.needs.compactMap { numbers[$0] }.sorted()))
    self.settings.append(settings)
  }
}
