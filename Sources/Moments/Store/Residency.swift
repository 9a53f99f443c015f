/// Decides which slots occupy a fixed number of frames in memory, and which are evicted for others.
///
/// Token frequencies are skewed and steady, so uses are counted for every slot, in memory or not. Of the next 16 frames
/// under the clock hand, the one whose slot has the fewest uses is evicted. All counts are halved after 32 uses per
/// frame, so that the corpus may change its language.
///
/// Share of a window's slots to fetch, with labels by Zipf's law (exponent 1) over 131 072 slots and windows of 2 048
/// rows:
///
/// - With frames for 20 % of the slots: 23.9 %. Exact least-frequently-used: 23.0 %. GCLOCK with counters up to 15:
///   28.6 %. Least-recently-used: 31.7 %. Clock: 32.8 %.
/// - With frames for 5 %: 43.8 %. GCLOCK: 51.9 %. Clock: 56.9 %.
/// - If all frequent slots change halfway through 4 000 windows: 29.5 % in the second half. Without halving: 33.5 %.
///
/// Memory: 5 bytes per slot and 5 per frame.
struct Residency {
  /// A slot's row that moves into a frame, and the slot it replaces.
  struct Move {
    let slot: Int
    let frame: Int
    /// The evicted slot, whose row must be spilled.
    let evicted: Int?
    /// Whether the slot's row was spilled before; otherwise it is zero.
    let wasSetAside: Bool
  }

  private static let unwritten: Int32 = -1
  private static let setAside: Int32 = -2
  private static let candidates = 16
  private static let namesPerFrame = 32

  /// The most frames.
  let limit: Int
  /// The frame of each slot; negative if it has none.
  private(set) var frames: [Int32] = []
  /// How often each slot was used recently.
  private var names: [UInt8] = []
  /// The slot of each frame in use; −1 if the frame has become free.
  private var slots: [Int32] = []
  private var isNamed: [Bool] = []
  private var hand = 0
  private var namesSinceHalving = 0

  init(limit: Int) { self.limit = limit }

  /// Whether there are more slots than frames.
  var overflows: Bool { frames.count > limit }

  /// Frames in use.
  var used: Int { slots.count }

  /// Whether a slot's row is spilled.
  func isSetAside(_ slot: Int) -> Bool { frames[slot] == Self.setAside }

  /// Creates slots up to `count`. The first ones get the frame of the same number.
  mutating func grow(to count: Int) {
    while frames.count < count {
      let slot = Int32(frames.count)
      let hasFrame = frames.count < limit
      frames.append(hasFrame ? slot : Self.unwritten)
      names.append(0)
      if hasFrame {
        slots.append(slot)
        isNamed.append(false)
      }
    }
  }

  /// Gives each of `wanted` a frame and returns the rows that must move for it.
  ///
  /// - Precondition: `wanted` has at most ``limit`` slots.
  mutating func bring(_ wanted: [Int]) -> [Move] {
    precondition(wanted.count <= limit)
    age(by: wanted.count)
    for slot in wanted {
      if names[slot] < .max { names[slot] += 1 }
      if frames[slot] >= 0 { isNamed[Int(frames[slot])] = true }
    }
    var moves: [Move] = []
    for slot in wanted where frames[slot] < 0 {
      let frame = makeWay()
      let old = slots[frame]
      moves.append(
        Move(slot: slot, frame: frame, evicted: old < 0 ? nil : Int(old), wasSetAside: isSetAside(slot)))
      if old >= 0 { frames[Int(old)] = Self.setAside }
      seat(slot, frame)
      isNamed[frame] = true
    }
    for slot in wanted { isNamed[Int(frames[slot])] = false }
    return moves
  }

  /// Undoes a move whose evicted row could not be spilled; that row keeps its frame.
  mutating func undo(_ move: Move) {
    abandon(move)
    if let evicted = move.evicted { seat(evicted, move.frame) }
  }

  /// Undoes a move whose row could not be fetched; the frame becomes free.
  mutating func abandon(_ move: Move) {
    frames[move.slot] = move.wasSetAside ? Self.setAside : Self.unwritten
    slots[move.frame] = -1
  }

  private mutating func seat(_ slot: Int, _ frame: Int) {
    frames[slot] = Int32(frame)
    slots[frame] = Int32(slot)
  }

  private mutating func age(by named: Int) {
    namesSinceHalving += named
    guard namesSinceHalving / max(limit, 1) >= Self.namesPerFrame else { return }
    namesSinceHalving = 0
    for slot in names.indices { names[slot] >>= 1 }
  }

  /// The next free frame, or else the one whose slot has the fewest uses.
  private mutating func makeWay() -> Int {
    var (spared, fewest, looked) = (-1, Int.max, 0)
    while looked < Self.candidates || spared < 0 {
      let frame = hand
      hand = hand + 1 == slots.count ? 0 : hand + 1
      looked += 1
      if isNamed[frame] { continue }
      guard slots[frame] >= 0 else { return frame }
      let named = Int(names[Int(slots[frame])])
      if named < fewest { (spared, fewest) = (frame, named) }
    }
    return spared
  }
}
