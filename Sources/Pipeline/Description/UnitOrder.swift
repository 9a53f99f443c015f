/// Which stages run together, and in which order: a stream's reader before its consumers, an artefact before what needs
/// it, else the order of the file.
struct UnitOrder {
  /// The reader of each stage's stream, where it takes one.
  private let readers: [Int?]
  /// The stage that each takes its stream from: its reader, or one that passes the stream on.
  private let sources: [Int?]
  /// The stages whose finished artefacts each stage needs.
  private let needs: [[Int]]
  /// The stages that take what each stage reads, those first that pass it on to others.
  private let takers: [[Int]]

  /// Each unit's stages, its reader first.
  private(set) var units: [[Int]] = []
  /// Stages that wait for each other, each cycle once.
  private(set) var cycles: [[Int]] = []
  /// Stages that take a stream and need what is made of the same stream, so that one read cannot serve them.
  private(set) var rereads: [Int] = []

  init(readers: [Int?], needs: [[Int]], sources: [Int?]? = nil) {
    self.readers = readers
    let sources = sources ?? readers
    self.sources = sources
    self.needs = needs
    var takers = Array(repeating: [Int](), count: readers.count)
    for (stage, reader) in readers.enumerated() {
      if let reader { takers[reader].append(stage) }
    }
    let depths = sources.indices.map { Self.depth(of: $0, sources) }
    self.takers = takers.map { $0.sorted { (depths[$0], $0) < (depths[$1], $1) } }
    findCycles()
    if cycles.isEmpty { order() }
  }

  /// How many stages a stage's stream comes through, as far as it does not run in a circle.
  private static func depth(of stage: Int, _ sources: [Int?]) -> Int {
    var (depth, stage) = (0, stage)
    while let next = sources[stage], depth < sources.count { (depth, stage) = (depth + 1, next) }
    return depth
  }

  private mutating func findCycles() {
    var done: Set<Int> = []
    for stage in needs.indices { follow(stage, [], &done) }
  }

  /// Goes from a stage to all it waits for; `path` is how it came there.
  private mutating func follow(_ stage: Int, _ path: [Int], _ done: inout Set<Int>) {
    if let start = path.firstIndex(of: stage) {
      cycles.append(Array(path[start...]))
      return
    }
    guard !done.contains(stage) else { return }
    for next in Set(needs[stage] + [sources[stage]].compactMap { $0 }).sorted() { follow(next, path + [stage], &done) }
    done.insert(stage)
  }

  private func unit(of stage: Int) -> Int { readers[stage] ?? stage }

  private func members(of unit: Int) -> [Int] { [unit] + takers[unit] }

  private mutating func order() {
    var done: Set<Int> = []
    for stage in needs.indices { place(unit(of: stage), [], &done) }
  }

  /// Places a unit after those it needs; `path` is the stages, one of each unit under way, that led to it.
  private mutating func place(_ unit: Int, _ path: [Int], _ done: inout Set<Int>) {
    if let stage = path.first(where: { self.unit(of: $0) == unit }) {
      if !rereads.contains(stage) { rereads.append(stage) }
      return
    }
    guard !done.contains(unit) else { return }
    for member in members(of: unit) {
      for need in needs[member] { place(self.unit(of: need), path + [member], &done) }
    }
    done.insert(unit)
    units.append(members(of: unit))
  }
}
