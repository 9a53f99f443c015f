/// Groups stages that run together and orders the groups: a stream's reader before its consumers, and an artefact
/// before the stages that need it. Otherwise file order holds.
struct UnitOrder {
  /// The reader of each stage's stream, if it takes one.
  private let readers: [Int?]
  /// The direct source of each stage's stream: its reader, or a stage that passes the stream on.
  private let sources: [Int?]
  /// The stages whose finished artefacts each stage needs.
  private let needs: [[Int]]
  /// The stages that take each reader's stream; those that pass it on come first.
  private let consumers: [[Int]]

  /// The stages of each unit, reader first.
  private(set) var units: [[Int]] = []
  /// Cycles of stages that wait for each other, each listed once.
  private(set) var cycles: [[Int]] = []
  /// Stages that take a stream and also need an artefact computed from it. One read cannot serve both.
  private(set) var rereads: [Int] = []

  init(readers: [Int?], needs: [[Int]], sources: [Int?]? = nil) {
    self.readers = readers
    let sources = sources ?? readers
    (self.sources, self.needs) = (sources, needs)
    var consumers = Array(repeating: [Int](), count: readers.count)
    for (stage, reader) in readers.enumerated() {
      if let reader { consumers[reader].append(stage) }
    }
    let depths = sources.indices.map { Self.depth(of: $0, sources) }
    self.consumers = consumers.map { $0.sorted { (depths[$0], $0) < (depths[$1], $1) } }
    findCycles()
    if cycles.isEmpty { order() }
  }

  /// The number of stages a stream comes through; bounded in case of a cycle.
  private static func depth(of stage: Int, _ sources: [Int?]) -> Int {
    var (depth, stage) = (0, stage)
    while let next = sources[stage], depth <= PipelineGraph.mostTransforms { (depth, stage) = (depth + 1, next) }
    return depth
  }

  /// Visits each stage and everything it waits for, depth first, without recursion.
  private mutating func findCycles() {
    var done: Set<Int> = []
    for start in needs.indices where !done.contains(start) {
      var way = Route()
      way.append(start, waitsFor(start))
      while let next = way.next() {
        guard let stage = next.needed else {
          done.insert(next.stage)
          continue
        }
        if let first = way.place(of: stage) {
          cycles.append(way.stages(from: first))
        } else if !done.contains(stage) {
          way.append(stage, waitsFor(stage))
        }
      }
    }
  }

  private func waitsFor(_ stage: Int) -> [Int] { Set(needs[stage] + [sources[stage]].compactMap { $0 }).sorted() }

  /// A path through the graph. Each step has the neighbours still to visit.
  private struct Route {
    private var steps: [(stage: Int, left: ArraySlice<Int>)] = []
    private var places: [Int: Int] = [:]

    mutating func append(_ stage: Int, _ needed: [Int]) {
      places[stage] = steps.count
      steps.append((stage, needed[...]))
    }

    /// The next neighbour of the last step. If there is none, removes the step and returns nil for the neighbour.
    /// Returns nil when the path is empty.
    mutating func next() -> (stage: Int, needed: Int?)? {
      guard let last = steps.indices.last else { return nil }
      let stage = steps[last].stage
      if let needed = steps[last].left.popFirst() { return (stage, needed) }
      places[stage] = nil
      steps.removeLast()
      return (stage, nil)
    }

    func place(of stage: Int) -> Int? { places[stage] }
    func stages(from place: Int) -> [Int] { steps[place...].map(\.stage) }
  }

  private func unit(of stage: Int) -> Int { readers[stage] ?? stage }

  private func members(of unit: Int) -> [Int] { [unit] + consumers[unit] }

  /// Places each unit after those it needs, without recursion.
  private mutating func order() {
    var done: Set<Int> = []
    for start in needs.indices.map(unit) where !done.contains(start) {
      var way = Route()
      /// For each unit on the path, the member that led to the next unit.
      var leading: [Int: Int] = [:]
      var members = [start: steps(of: start)]
      way.append(start, Array((members[start] ?? []).indices))
      while let next = way.next() {
        guard let step = next.needed, let (member, need) = members[next.stage]?[step] else {
          members[next.stage] = nil
          done.insert(next.stage)
          units.append(self.members(of: next.stage))
          continue
        }
        leading[next.stage] = member
        let unit = unit(of: need)
        if way.place(of: unit) != nil {
          if let stage = leading[unit], !rereads.contains(stage) { rereads.append(stage) }
        } else if !done.contains(unit) {
          members[unit] = steps(of: unit)
          way.append(unit, Array((members[unit] ?? []).indices))
        }
      }
    }
  }

  /// Pairs each member of a unit with every stage whose artefact it needs.
  private func steps(of unit: Int) -> [(member: Int, need: Int)] {
    members(of: unit).flatMap { member in needs[member].map { (member, $0) } }
  }
}
