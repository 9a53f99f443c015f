import TestSupport
import Testing

@testable import Geometry

@Suite("Decisions")
struct DecisionsTests {
  /// Random choices for labels 0 ..< 30; the labels 20 ..< 30 are never chosen.
  static func random(_ samples: Int, seed: Int) -> (labels: [Int32], model: [Int32], nearest: [Int32]) {
    var generator = SeededGenerator(seed)
    func tokens(_ bound: Int32) -> [Int32] { (0..<samples).map { _ in Int32.random(in: 0..<bound, using: &generator) } }
    return (tokens(30), tokens(20), tokens(20))
  }

  @Test("Three samples, counted by hand")
  func byHand() {
    var decisions = Decisions()
    decisions.add(labels: [5, 5, 9], model: [5, 5, 1], nearest: [5, 2, 1])
    var five = Decisions.Counts()
    (five.samples, five.hits, five.modelCorrect, five.nearestCorrect, five.bothCorrect) = (2, 1, 2, 1, 1)
    var nine = Decisions.Counts()
    (nine.samples, nine.hits) = (1, 1)
    #expect(decisions.classes == [5: five, 9: nine])
    #expect(
      decisions.confusion == [
        Decisions.Pair(model: 5, nearest: 5): 1, Decisions.Pair(model: 5, nearest: 2): 1,
        Decisions.Pair(model: 1, nearest: 1): 1,
      ])
    #expect(decisions.totals(of: [5]) == five && decisions.totals(of: [9, 77]) == nine)
    #expect(decisions.totals().samples == 3 && decisions.totals().hits == 2)
    #expect(decisions.totals(of: []) == Decisions.Counts())
  }

  @Test("Parts merged in any order and grouping give the whole")
  func merging() {
    let (labels, model, nearest) = Self.random(900, seed: 1)
    func part(_ range: Range<Int>) -> Decisions {
      var decisions = Decisions()
      decisions.add(labels: labels[range], model: Array(model[range]), nearest: Array(nearest[range]))
      return decisions
    }
    let (whole, parts) = (part(0..<900), [part(0..<1), part(1..<500), part(500..<900)])
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
      var merged = Decisions()
      for number in order { merged.merge(parts[number]) }
      #expect(merged == whole)
    }
    var rest = parts[1]
    rest.merge(parts[2])
    var grouped = parts[0]
    grouped.merge(rest)
    #expect(grouped == whole)
  }

  @Test("Pairs beyond the limit are counted together: the first to appear are kept, and no sample is lost")
  func limit() {
    let (labels, model, nearest) = Self.random(500, seed: 2)
    var (all, few) = (Decisions(), Decisions(pairLimit: 40))
    all.add(labels: labels, model: model, nearest: nearest)
    few.add(labels: labels, model: model, nearest: nearest)
    var kept: [Decisions.Pair] = []
    for (model, nearest) in zip(model, nearest) {
      let pair = Decisions.Pair(model: model, nearest: nearest)
      if kept.count < 40, !kept.contains(pair) { kept.append(pair) }
    }
    #expect(Set(few.confusion.keys) == Set(kept))
    #expect(few.confusion.allSatisfy { all.confusion[$0.key] == $0.value })
    #expect(few.confusion.values.reduce(0, +) + few.otherPairs == 500)
    #expect(few.classes == all.classes)
    var merged = few
    merged.merge(all)
    #expect(merged.confusion.count == 40)
    #expect(merged.confusion.values.reduce(0, +) + merged.otherPairs == 1_000)
  }

  @Test("Saved decisions are restored, and keep counting")
  func snapshot() throws {
    let (labels, model, nearest) = Self.random(300, seed: 3)
    var decisions = Decisions()
    decisions.add(labels: labels, model: model, nearest: nearest)
    let saved = MemorySnapshot()
    try decisions.save(to: saved)
    var restored = Decisions()
    try restored.restore(from: saved)
    #expect(restored == decisions)
    #expect(throws: MemorySnapshot.Refusal.self) { try restored.restore(from: MemorySnapshot()) }
  }

  @Test("Counts that contradict each other are a fault, and refused when restored")
  func faults() throws {
    func made(_ change: (inout Decisions.Counts) -> Void, token: Int32 = 1, pairs: Int = 2, other: Int = 0) -> Decisions
    {
      var counts = Decisions.Counts()
      (counts.samples, counts.hits, counts.modelCorrect, counts.nearestCorrect) = (2, 1, 1, 1)
      change(&counts)
      return Decisions(
        classes: [token: counts], confusion: [.init(model: 1, nearest: 2): pairs], otherPairs: other)
    }
    #expect(made { _ in }.fault == nil)
    let faulty = [
      made { $0.samples = 0 }, made { $0.samples = -1 }, made { $0.hits = 3 }, made { $0.hits = -1 },
      made { $0.bothCorrect = 2 }, made { $0.samples = .max }, made({ _ in }, token: -1), made({ _ in }, pairs: 3),
      made({ _ in }, pairs: -2), made({ _ in }, pairs: .max, other: .max), made({ _ in }, other: 1),
      made({ _ in }, pairs: 3, other: -1),
    ]
    for decisions in faulty {
      #expect(decisions.fault != nil, "\(decisions)")
      let saved = MemorySnapshot()
      try decisions.save(to: saved)
      var restored = Decisions()
      #expect(throws: MemorySnapshot.Refusal.self) { try restored.restore(from: saved) }
    }
    var many = made { _ in }
    many.merge(Decisions(classes: [2: .init()], confusion: [:], otherPairs: 0))
    #expect(many.fault?.contains("token 2") == true)
  }
}
