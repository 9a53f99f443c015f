import TestSupport
import Testing

@testable import Moments

@Suite("Residency")
struct ResidencyTests {
  @Test("The first slots have the frames with their numbers; others have none until they are loaded")
  func growing() {
    var residency = Residency(limit: 2)
    residency.grow(to: 1)
    #expect(residency.frames == [0])
    #expect(!residency.overflows)
    residency.grow(to: 4)
    #expect(residency.frames[..<2] == [0, 1])
    #expect(residency.frames[2...].allSatisfy { $0 < 0 })
    #expect(residency.overflows)
    #expect(residency.used == 2)
  }

  @Test("A loaded slot takes the frame of one that was not named, and gets back its row")
  func moves() throws {
    var residency = Residency(limit: 2)
    residency.grow(to: 3)
    let first = try #require(residency.bring([2, 1]).first)
    #expect((first.slot, first.frame, first.evicted, first.wasSetAside) == (2, 0, 0, false))
    #expect(residency.bring([2, 1]).isEmpty)
    #expect(residency.isSetAside(0))
    let second = try #require(residency.bring([0, 2]).first)
    #expect((second.slot, second.frame, second.evicted, second.wasSetAside) == (0, 1, 1, true))
  }

  @Test("Slots and frames are one to one, whatever is loaded or restored")
  func oneToOne() {
    var residency = Residency(limit: 20)
    var random = SeededGenerator(1)
    residency.grow(to: 100)
    for _ in 0..<2_000 {
      let wanted = Array((0..<100).shuffled(using: &random).prefix(Int.random(in: 0...20, using: &random)))
      let moves = residency.bring(wanted)
      #expect(wanted.allSatisfy { residency.frames[$0] >= 0 })
      #expect(Set(moves.map(\.frame)).count == moves.count)
      for move in moves where Bool.random(using: &random) {
        if Bool.random(using: &random) {
          residency.undo(move)
          #expect(move.evicted.map { Int(residency.frames[$0]) == move.frame } ?? true)
        } else {
          residency.abandon(move)
        }
        #expect(residency.isSetAside(move.slot) == move.wasSetAside)
      }
      let held = residency.frames.filter { $0 >= 0 }
      #expect(Set(held).count == held.count)
      #expect(held.allSatisfy { $0 < 20 })
    }
  }

  @Test("Under Zipf's law frequent slots stay: a quarter fewer loads than with the clock")
  func zipf() {
    let windows = Zipf(slots: 16_384, seed: 2).windows(1_500, rows: 256)
    let frames = 16_384 / 5
    var residency = Residency(limit: frames)
    residency.grow(to: 16_384)
    var clock = Clock(frames: frames)
    var (fetched, byClock, named) = (0, 0, 0)
    for (index, window) in windows.enumerated() {
      let (own, other) = (residency.bring(window).count, clock.bring(window))
      guard index >= 500 else { continue }
      named += window.count
      fetched += own
      byClock += other
    }
    #expect(Double(fetched) / Double(named) < 0.27)
    #expect(Double(fetched) < 0.75 * Double(byClock))
  }

  @Test("When the frequent slots change, the new ones come to stay")
  func shift() {
    let zipf = Zipf(slots: 4_096, seed: 3)
    let windows = zipf.windows(4_000, rows: 64)
    var residency = Residency(limit: 800)
    residency.grow(to: 4_096)
    var (before, after) = (0, 0)
    for (index, window) in windows.enumerated() {
      // In the second half, the order of frequency is reversed.
      let fetched = residency.bring(index < 2_000 ? window : window.map { 4_095 - $0 }).count
      if (1_000..<2_000).contains(index) { before += fetched }
      if index >= 3_000 { after += fetched }
    }
    #expect(Double(after) < 1.15 * Double(before))
  }
}

/// Labels by Zipf's law with exponent 1.
private struct Zipf {
  private let upTo: [Double]
  private let seed: Int

  init(slots: Int, seed: Int) {
    var sum = 0.0
    upTo = (1...slots).map { rank in
      sum += 1 / Double(rank)
      return sum
    }
    self.seed = seed
  }

  /// The distinct labels of windows of rows.
  func windows(_ count: Int, rows: Int) -> [[Int]] {
    var random = SeededGenerator(seed)
    return (0..<count).map { _ in
      Array(Set((0..<rows).map { _ in label(.random(in: 0..<(upTo.last ?? 1), using: &random)) })).sorted()
    }
  }

  private func label(_ share: Double) -> Int {
    var (low, high) = (0, upTo.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if upTo[middle] > share { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

/// The plain clock algorithm, for comparison.
private struct Clock {
  private var slots: [Int?]
  private var isUsed: [Bool]
  private var frames: [Int: Int] = [:]
  private var hand = 0

  init(frames: Int) {
    slots = Array(repeating: nil, count: frames)
    isUsed = Array(repeating: false, count: frames)
  }

  /// Returns the number of loads.
  mutating func bring(_ wanted: [Int]) -> Int {
    for slot in wanted { if let frame = frames[slot] { isUsed[frame] = true } }
    let missing = wanted.filter { frames[$0] == nil }
    for slot in missing {
      while isUsed[hand] {
        isUsed[hand] = false
        hand = (hand + 1) % slots.count
      }
      if let old = slots[hand] { frames[old] = nil }
      slots[hand] = slot
      isUsed[hand] = true
      frames[slot] = hand
      hand = (hand + 1) % slots.count
    }
    return missing.count
  }
}
