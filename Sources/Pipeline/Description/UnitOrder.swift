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
    let depths = sources.indices.map { readers[$0] == nil ? 0 : Self.depth(of: $0, sources) }
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

  /// Cycles that are told at most.
  private static let mostCycles = 100

  private mutating func findCycles() {
    var done: Set<Int> = []
    for stage in needs.indices where !done.contains(stage) { follow(stage, &done) }
  }

  private func waits(of stage: Int) -> ArraySlice<Int> {
    Set(needs[stage] + [sources[stage]].compactMap { $0 }).sorted()[...]
  }

  /// Goes from a stage to all it waits for, depth first.
  private mutating func follow(_ stage: Int, _ done: inout Set<Int>) {
    var path = [stage]
    var places = [stage: 0]
    var open = [waits(of: stage)]
    while let last = path.last {
      guard let next = open[path.count - 1].popFirst() else {
        done.insert(last)
        places[last] = nil
        path.removeLast()
        open.removeLast()
        continue
      }
      if let start = places[next] {
        if cycles.count < Self.mostCycles { cycles.append(Array(path[start...])) }
      } else if !done.contains(next) {
        places[next] = path.count
        path.append(next)
        open.append(waits(of: next))
      }
    }
  }

  private func unit(of stage: Int) -> Int { readers[stage] ?? stage }

  private func members(of unit: Int) -> [Int] { [unit] + takers[unit] }

  private mutating func order() {
    var done: Set<Int> = []
    for stage in needs.indices where !done.contains(unit(of: stage)) { place(unit(of: stage), &done) }
  }

  /// A unit under way, and what its stages need of others, stage by stage.
  private struct Visit {
    let unit: Int
    var needs: ArraySlice<(member: Int, unit: Int)>
  }

  private func visit(_ unit: Int) -> Visit {
    let needs = members(of: unit).flatMap { member in
      self.needs[member].map { (member: member, unit: self.unit(of: $0)) }
    }
    return Visit(unit: unit, needs: needs[...])
  }

  /// Places a unit after those it needs, depth first.
  private mutating func place(_ unit: Int, _ done: inout Set<Int>) {
    var path = [visit(unit)]
    // By unit under way: its stage that led on.
    var leading: [Int: Int] = [unit: unit]
    while let last = path.indices.last {
      guard let need = path[last].needs.popFirst() else {
        let unit = path.removeLast().unit
        leading[unit] = nil
        done.insert(unit)
        units.append(members(of: unit))
        continue
      }
      leading[path[last].unit] = need.member
      if let stage = leading[need.unit] {
        if !rereads.contains(stage) { rereads.append(stage) }
      } else if !done.contains(need.unit) {
        leading[need.unit] = need.unit
        path.append(visit(need.unit))
      }
    }
  }
}
