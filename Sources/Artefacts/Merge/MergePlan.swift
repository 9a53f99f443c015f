import Moments

/// How states are merged within so much memory: how many in one pass, and in how many ranges of classes. Neither changes a
/// bit of the result.
///
/// A pass holds a range of classes of as many states as ``MergeTree/mostHeld(_:)`` says, and where there is a scatter, one
/// for every two states that are joined. Where those have no room for all states, subtrees are merged first and set aside.
public struct MergePlan: Sendable, Equatable {
  /// Bytes of all ranges held together, whatever the number of states: of a thousand, each is large enough that reading it
  /// takes far longer than opening a file; and larger ones are slower, as no cache has room for them.
  private static let rangesBytes = 192 << 20
  private static let leastRangeBytes = 1 << 20
  /// States of a pass at most where there is a scatter, so that their scatters do not grow with all states; what is set
  /// aside is then little beside what is read.
  private static let mostScatters = 32
  /// The process with its libraries.
  private static let process = 64 << 20
  /// What each state takes, whether it is being read or not: its name, what it says, and its sums.
  private static let stateBytes = 8 << 10

  /// States of a pass at most, a power of two.
  let statesAtOnce: Int
  /// Classes of a range at most.
  let classesAtOnce: Int
  /// Bytes that it takes at most.
  public let byteCount: Int

  /// - Parameters:
  ///   - classes: of all states together at most.
  ///   - memory: bytes the process may have.
  ///   - adviceForMore: what to do where that is not enough.
  ///
  /// Throws ``MomentsError`` where that is not enough.
  public init(
    states: Int, dimension: Int, classes: Int, carriesMeans: Bool, within: WithinScatter, memory: Int,
    adviceForMore: String = "allow more memory"
  ) throws {
    let rowBytes = dimension * MemoryLayout<Double>.size
    let classBytes =
      StateFormat(
        dimension: dimension, classes: 1, carriesMeans: carriesMeans, within: .none
      ).classBytes + 64
    let unit = Self.classesPerUpdate(dimension: dimension, within: within)
    let least = min(max(Self.leastRangeBytes / rowBytes, unit, 1), max(classes, 1))
    let nodeBytes = Self.scatterBytes(dimension: dimension, within: within)
    let fixed = Self.fixedBytes(states: states, dimension: dimension, classes: classes, within: within)
    func needed(_ states: Int, _ range: Int) -> Int {
      fixed + max(states - 1, 1) * nodeBytes + MergeTree.mostHeld(states) * range * classBytes
    }
    var atOnce = 2
    let mostAtOnce = within == .none ? states : min(states, Self.mostScatters)
    while atOnce < mostAtOnce, needed(2 * atOnce, least) <= memory, (2 * atOnce - 1) * nodeBytes <= memory / 2 {
      atOnce *= 2
    }
    let pass = min(atOnce, max(states, 1))
    guard needed(pass, least) <= memory else {
      throw MomentsError(
        .outOfMemory, expected: "memory of \(Self.mebibytes(needed(pass, least))) for states of dimension \(dimension)",
        found: Self.mebibytes(memory), advice: adviceForMore)
    }
    let room = min(memory - needed(pass, 0), Self.rangesBytes) / (MergeTree.mostHeld(pass) * classBytes)
    statesAtOnce = atOnce
    classesAtOnce = max(min(room, max(classes, 1)), least)
    byteCount = needed(pass, classesAtOnce)
  }

  /// - Precondition: the numbers are positive.
  init(statesAtOnce: Int, classesAtOnce: Int) {
    (self.statesAtOnce, self.classesAtOnce, byteCount) = (statesAtOnce, classesAtOnce, 0)
  }

  /// Token ids whose classes the scatter takes at a time: a property of the tree, whatever memory there is, as what is
  /// summed in which order must not depend on it. 1 where there is no scatter.
  static func classesPerUpdate(dimension: Int, within: WithinScatter) -> Int {
    within == .none ? 1 : PooledScatter.rowsPerUpdate(dimension: dimension)
  }

  /// Bytes in words, rounded up.
  private static func mebibytes(_ bytes: Int) -> String { "\((bytes + 1 << 20 - 1) >> 20) MiB" }

  private static func scatterBytes(dimension: Int, within: WithinScatter) -> Int {
    switch within.precision {
    case nil: 0
    case .single: dimension * dimension * MemoryLayout<Double>.size
    case .double: 2 * dimension * dimension * MemoryLayout<Double>.size
    }
  }

  /// Runs of rows on their way to a file, rows on their way to a scatter, and tables of token ids.
  private static func fixedBytes(states: Int, dimension: Int, classes: Int, within: WithinScatter) -> Int {
    let rowBytes = dimension * MemoryLayout<Double>.size
    let updating = within == .none ? 0 : 2 * classesPerUpdate(dimension: dimension, within: within) * (rowBytes + 64)
    return process + 3 * max(MomentsTable.runBytes, rowBytes) + updating + 16 * classes + stateBytes * states
  }
}
