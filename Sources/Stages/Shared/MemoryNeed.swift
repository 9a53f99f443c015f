import Engine
import Moments
import Plan
import Support

/// The most memory that a stage can take, as far as the headers of its inputs tell, and what takes it.
///
/// A stage adds up its parts before it reads anything, refuses to start if the sum exceeds what it may have, and logs
/// the plan. Dry runs show the same numbers.
package struct MemoryNeed: Sendable {
  /// Bytes of the process itself: its code, its libraries and the stacks of its threads.
  package static let process = 64 << 20

  private var parts: [(what: String, bytes: Int)] = []

  package init() {}

  /// The sum of all parts and the process, in bytes.
  package var total: Int { parts.reduce(Self.process) { Self.sum($0, $1.bytes) } }

  /// Adds a part, named as in “1 GiB for the means”. A part of no bytes is left out.
  package mutating func add(_ bytes: Int, for what: String) {
    if bytes > 0 { parts.append((what, bytes)) }
  }

  /// Refuses to start if the stage may need more than it may have. Throws ``MomentsError`` of kind `outOfMemory`.
  ///
  /// - Parameters:
  ///   - given: the value of `--memory`, if given.
  ///   - alternatives: other ways to need less, each as in “use fewer --threads”.
  package func check(_ given: Int?, or alternatives: [String] = []) throws {
    let limit = ResourceLimits.memory(given: given)
    guard total > limit else { return }
    throw MomentsError(
      .outOfMemory, expected: "at least \(ByteCount.describe(total)) of memory (\(listed(3)))",
      found: ByteCount.describe(limit),
      advice: ([ResourceLimits.adviceToRaiseMemory(than: given, to: total)] + alternatives).joined(separator: ", or "))
  }

  /// The plan in words, to be logged if memory was given or is tight; nil otherwise.
  package func plan(_ given: Int?) -> String? {
    let limit = ResourceLimits.memory(given: given)
    guard given != nil || total > limit / 2 else { return nil }
    return "needs at most \(ByteCount.describe(total)) of \(ByteCount.describe(limit)) of memory: \(listed(.max))"
  }

  /// The refusal of ``check(_:or:)``, in one line; nil if it would not refuse.
  package func refusal(_ given: Int?) -> String? {
    do {
      try check(given)
      return nil
    } catch {
      return (error as? any DiagnosedError)?.diagnosis.summary ?? "\(error)"
    }
  }

  /// The largest parts, and the rest together.
  private func listed(_ most: Int) -> String {
    let sorted = parts.sorted { $0.bytes > $1.bytes }
    let rest = sorted.dropFirst(most).reduce(Self.process) { Self.sum($0, $1.bytes) }
    return (sorted.prefix(most) + [("the rest", rest)])
      .map { "\(ByteCount.describe($0.bytes)) for \($0.what)" }.joined(separator: ", ")
  }

  /// A sum that stays at the largest number if it overflows.
  private static func sum(_ a: Int, _ b: Int) -> Int {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : sum
  }
}

extension StageForecast {
  /// Takes over what a stage needs, and says if it will be refused.
  ///
  /// - Parameter classes: how many it assumes, if it depends on them.
  mutating func take(_ need: MemoryNeed, given: Int?, classes: ClassEstimate? = nil) {
    let assumed: String
    if case .atMost(let most) = classes { assumed = ", with \(most) classes" } else { assumed = "" }
    memory = "at most \(ByteCount.describe(need.total))\(assumed)"
    peak = given ?? need.total
    if let refusal = need.refusal(given) { notes.append("will be refused: \(refusal)") }
  }
}

extension Setting {
  /// The memory limit of the process.
  ///
  /// - Parameter more: what else a user should know, as a sentence.
  package static func memory(_ path: WritableKeyPath<Root, Int?> & Sendable, _ more: String = "") -> Setting {
    Setting(
      path, "memory",
      "memory limit of the process, as in 4GiB; by default nine tenths of the job's"
        + (more.isEmpty ? "" : ". \(more)"),
      .bytes)
  }
}
