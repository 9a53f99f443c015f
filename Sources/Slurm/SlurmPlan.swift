import Engine
import Formats
import Foundation
import Plan

/// The jobs for the stages of a pipeline that must run, each after the jobs it needs.
///
/// The shards of a stage, or its matrix instances, are tasks of one array. A small stage joins the job of the stages it
/// waits for, because a chain of small stages needs no queue in between.
struct SlurmPlan {
  private(set) var jobs: [SlurmJob] = []

  let graph: PipelineGraph
  /// The job of each stage that must run.
  private var jobOf: [Int: Int] = [:]
  private var drafts: [Draft] = []
  /// Bytes read by a stage and by all the stages it depends on in this run.
  private var bytes: [Int: Int] = [:]
  /// Expected seconds for the stages of a unit, by its first stage.
  private var seconds: [Int: Double] = [:]

  /// Streams below this many bytes, and their results, are small.
  private static let smallBytes = 256 << 20
  /// Most tasks in an array: Slurm's default MaxArraySize.
  private static let longestArray = 1000
  /// Seconds for a merge or a sweep over pairs. Its real size is unknown until its states exist.
  private static let largeArtefact = 1800.0
  /// Bytes that a stage reads per second at least, from a shared disk with an old processor.
  private static let slowestRead = 25e6

  /// A job under construction.
  private struct Draft {
    var name: String
    var tasks: [[Int]]
    var isArray: Bool
    var needs: Set<Int>
    var isOwn: Bool
  }

  /// - Parameters:
  ///   - freshness: of stages; up-to-date stages need no job.
  ///   - forecast: forecasts the memory of a stage.
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

  /// The job that a small stage can join: one that makes, or already waits for, all it needs. A small stage that needs
  /// nothing joins another such job.
  private func joined(_ due: [Int], _ needs: Set<Int>, isSmall: Bool) -> Int? {
    guard isSmall, due.allSatisfy({ !graph.description.stages[$0].hasSlurm }) else { return nil }
    func canTake(_ job: Int) -> Bool { !drafts[job].isArray && !drafts[job].isOwn }
    if needs.isEmpty { return drafts.indices.first { canTake($0) && drafts[$0].needs.isEmpty } }
    return needs.sorted(by: >).first { job in
      canTake(job) && needs.subtracting([job]).isSubset(of: before(job))
    }
  }

  /// All jobs that a job waits for, directly or indirectly.
  private func before(_ job: Int) -> Set<Int> {
    var (found, next) = (drafts[job].needs, Array(drafts[job].needs))
    while let job = next.popLast() {
      for other in drafts[job].needs where found.insert(other).inserted { next.append(other) }
    }
    return found
  }

  /// The jobs in order of creation, but each after those it waits for. An early array may have received a task that
  /// waits for a later job.
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

  /// Unknown amounts are the largest number, so sums must not overflow.
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
      let files = graph.stages[number].sources.values.joined().flatMap { source in
        graph.files(of: source) { jobOf[$0] == nil ? plan.output($0) : nil } ?? []
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
    let (bytes, overflow) = rows.count.multipliedReportingOverflow(by: shape.dimension * shape.scalar.byteCount)
    return overflow ? total : min(total, bytes)
  }

  private mutating func finish(
    _ draft: Draft, _ numbers: [Int: Int], _ forecast: (Int) throws -> StageForecast
  ) throws {
    var settings = graph.slurm(of: draft.tasks.joined())
    // Shards are alike, but matrix instances may differ.
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
        needs: draft.needs.compactMap { numbers[$0] }.sorted(), megabytes: settings.megabytes,
        minutes: settings.minutes))
  }
}

extension PipelineGraph {
  /// The settings of a job for some stages: those of the first stage that has its own, or those of the file.
  fileprivate func slurm(of stages: some Sequence<Int>) -> SlurmSettings {
    let own = stages.first { description.stages[$0].hasSlurm }
    return (own.map { self.stages[$0].sections } ?? sections).slurm
  }

  /// The settings of a planned job. Throws ``RunError`` if it runs stages that the pipeline does not have.
  func slurm(of job: SlurmJob) throws -> SlurmSettings {
    let numbers = Dictionary(stages.enumerated().map { ($1.name, $0) }) { first, _ in first }
    var settings = try slurm(
      of: job.tasks.joined().map { name in
        guard let number = numbers[name] else {
          throw RunError(
            file: job.name, expected: "jobs for stages of this pipeline", found: "one for “\(name)”",
            advice: "end the jobs with collapse cancel, and run it again")
        }
        return number
      })
    settings.suggest(job)
    return settings
  }
}
