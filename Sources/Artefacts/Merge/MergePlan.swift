import Moments

/// How to merge states within a given memory: how many per pass, and in how many ranges of classes. Neither changes a
/// bit of the result.
///
/// A pass holds one range of classes for each of ``MergeTree/maximumHeld(_:)`` states. With a scatter, it also holds one
/// scatter for every two states that are joined. If these do not all fit, subtrees are merged first and set aside.
package struct MergePlan: Sendable, Equatable {
  /// Bytes of all ranges held together, for any number of states. Even with a thousand states, reading a range takes
  /// far longer than opening a file. Larger ranges are slower, because no cache can hold them.
  private static let rangesBytes = 192 << 20
  private static let leastRangeBytes = 1 << 20
  /// Maximum number of states per pass with a scatter, so that memory for scatters is bounded. What is set aside is
  /// then little compared to what is read.
  private static let maximumScatters = 32
  /// Bytes of the process and its libraries.
  private static let process = 64 << 20
  /// Bytes that each state takes, being read or not: its name, its attributes and its checksums.
  private static let stateBytes = 8 << 10

  /// Maximum number of states per pass, a power of two.
  let statesPerPass: Int
  /// Maximum number of classes per range.
  let classesAtOnce: Int
  /// Maximum memory in bytes.
  package let byteCount: Int

  /// - Parameters:
  ///   - classes: maximum number of classes in all states together.
  ///   - memory: bytes that the process may use.
  ///   - adviceToRaiseMemory: advice if that is not enough.
  ///
  /// Throws ``MomentsError`` if that is not enough.
  package init(
    states: Int, dimension: Int, classes: Int, keepsLowParts: Bool, within: WithinScatter,
    moments: SecondMoments = .trace, memory: Int, adviceToRaiseMemory: String = "allow more memory"
  ) throws {
    let rowBytes = dimension * MemoryLayout<Double>.size
    let classBytes =
      StateFormat(
        dimension: dimension, classes: 1, keepsLowParts: keepsLowParts, within: .none, moments: moments
      ).classBytes + 64
    let unit = Self.classesPerUpdate(dimension: dimension, within: within)
    let least = min(max(Self.leastRangeBytes / rowBytes, unit, 1), max(classes, 1))
    let nodeBytes = Self.scatterBytes(dimension: dimension, within: within)
    let fixed = Self.fixedBytes(
      states: states, dimension: dimension, classes: classes, within: within, moments: moments)
    func needed(_ states: Int, _ range: Int) -> Int {
      fixed + max(states - 1, 1) * nodeBytes + MergeTree.maximumHeld(states) * range * classBytes
    }
    var atOnce = 2
    let mostAtOnce = within == .none ? states : min(states, Self.maximumScatters)
    while atOnce < mostAtOnce, needed(2 * atOnce, least) <= memory, (2 * atOnce - 1) * nodeBytes <= memory / 2 {
      atOnce *= 2
    }
    let pass = min(atOnce, max(states, 1))
    guard needed(pass, least) <= memory else {
      throw MomentsError(
        .outOfMemory, expected: "\(Self.mebibytes(needed(pass, least))) of memory for states of dimension \(dimension)",
        found: Self.mebibytes(memory), advice: adviceToRaiseMemory)
    }
    let room = min(memory - needed(pass, 0), Self.rangesBytes) / (MergeTree.maximumHeld(pass) * classBytes)
    statesPerPass = atOnce
    classesAtOnce = max(min(room, max(classes, 1)), least)
    byteCount = needed(pass, classesAtOnce)
  }

  /// - Precondition: the numbers are positive.
  init(statesPerPass: Int, classesAtOnce: Int) {
    (self.statesPerPass, self.classesAtOnce, byteCount) = (statesPerPass, classesAtOnce, 0)
  }

  /// Number of token ids whose classes enter the scatter in one update; 1 without a scatter. It sets the order of
  /// summation, so it depends on the tree alone, never on memory.
  static func classesPerUpdate(dimension: Int, within: WithinScatter) -> Int {
    within == .none ? 1 : PooledScatter.rowsPerUpdate(dimension: dimension)
  }

  /// A number of bytes in MiB, rounded up.
  private static func mebibytes(_ bytes: Int) -> String { "\((bytes + 1 << 20 - 1) >> 20) MiB" }

  private static func scatterBytes(dimension: Int, within: WithinScatter) -> Int {
    switch within.precision {
    case nil: 0
    case .single: dimension * dimension * MemoryLayout<Double>.size
    case .double: 2 * dimension * dimension * MemoryLayout<Double>.size
    }
  }

  /// Runs of rows on their way to a file, rows on their way to a scatter, and tables of token ids, in bytes.
  private static func fixedBytes(
    states: Int, dimension: Int, classes: Int, within: WithinScatter, moments: SecondMoments
  ) -> Int {
    let rowBytes = dimension * MemoryLayout<Double>.size
    let updating = within == .none ? 0 : 2 * classesPerUpdate(dimension: dimension, within: within) * (rowBytes + 64)
    let runs = (1 + moments.rowsPerClass(keepsLowParts: true)) * max(MomentsTable.runBytes, rowBytes)
    return process + runs + updating + 16 * classes + stateBytes * states
  }
}
