/// Which slots have one of a fixed number of frames in memory, and which must make way for others.
///
/// Token frequencies are skewed and steady, so a slot is known by how often it was named, in memory or out of it: of the
/// 16 frames under the hand, the one whose slot was named least makes way, and the hand moves on. So that a corpus may
/// change its language, all counts are halved after 32 names a frame.
///
/// With labels of Zipf's law (exponent 1) over 131 072 slots, windows of 2 048 rows and frames for 20 % of the slots,
/// this leaves 23.9 % of a window's slots to be fetched. Exact least-frequently-used leaves 23.0 %, GCLOCK with counters
/// to 15 28.6 %, least-recently-used 31.7 %, the clock 32.8 %; with frames for 5 %: 43.8 %, against 51.9 % of GCLOCK and
/// 56.9 % of the clock. Where the frequent slots change altogether, half-way through 4 000 windows, it leaves 29.5 % of
/// the second half, where counts that are never halved leave 33.5 %.
///
/// - Memory: 5 bytes a slot and 5 a frame.
struct Residency {
  /// A slot's row that takes its place in a frame, and what was there.
  struct Move {
    let slot: Int
    let frame: Int
    /// The slot that makes way, whose row must be set aside.
    let evicted: Int?
    /// Whether the slot's row was set aside; otherwise it is zero.
    let wasSetAside: Bool
  }

  private static let unwritten: Int32 = -1
  private static let setAside: Int32 = -2
  private static let candidates = 16
  private static let namesPerFrame = 32

  /// Frames there may be.
  let limit: Int
  /// The frame of each slot; negative where it has none.
  private(set) var frames: [Int32] = []
  /// How often each slot was named, of late.
  private var names: [UInt8] = []
  /// The slot of each frame in use; −1 where its row was lost.
  private var slots: [Int32] = []
  private var isNamed: [Bool] = []
  private var hand = 0
  private var namesSinceHalving = 0

  init(limit: Int) { self.limit = limit }

  /// Whether there are more slots than frames.
  var overflows: Bool { frames.count > limit }

  /// Frames in use.
  var used: Int { slots.count }

  /// Whether a slot without a frame has a row that was set aside.
  func isSetAside(_ slot: Int) -> Bool { frames[slot] == Self.setAside }

  /// Makes slots 0 ..< `count`; the first of them have frames of their number.
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

  /// Gives each of `wanted` a frame, and says what must be moved for it.
  ///
  /// - Precondition: there are at most as many as frames.
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

  /// Takes back a move whose evicted row could not be set aside: it still has its frame.
  mutating func undo(_ move: Move) {
    abandon(move)
    if let evicted = move.evicted { seat(evicted, move.frame) }
  }

  /// Takes back a move whose own row could not be fetched: nobody has the frame.
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

  /// The next frame that is free, or else can best be spared.
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
