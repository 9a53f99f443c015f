import Support

/// The memory that the running stage may take, for files that are held in memory while they are read.
///
/// The values of a file take at most ``share`` times its bytes. So a file that does not fit is refused before it is read.
package enum MemoryBudget {
  /// The stage's `--memory`, in bytes; nil if not given.
  @TaskLocal package static var given: Int?

  package static var bytes: Int { ResourceLimits.memory(given: given) }

  /// Bytes of memory for each byte of a file, with the file itself.
  package static let share = 4
  /// The process with its libraries.
  private static let process = 64 << 20

  /// Throws ``StreamError`` if a file's bytes and their values do not fit.
  ///
  /// - Parameter count: the file's bytes.
  package static func check(_ name: String, bytes count: Int) throws {
    let (values, overflow) = count.multipliedReportingOverflow(by: share)
    // Small files always fit.
    guard count > process / share / 4 else { return }
    try check(name, needs: overflow ? .max : values, "to read its \(ByteCount.describe(count))")
  }

  /// Throws ``StreamError`` if memory has no room for what a file holds.
  package static func check(_ name: String, needs values: Int, _ what: String) throws {
    let (needed, overflow) = values.addingReportingOverflow(process)
    guard overflow || needed > bytes else { return }
    throw StreamError(
      .outOfMemory, file: name,
      expected: "\(ByteCount.describe(overflow ? .max : needed)) of memory \(what)", found: ByteCount.describe(bytes),
      advice: ResourceLimits.adviceToRaiseMemory(than: given, to: overflow ? .max : needed)
        + ", or check that this is the right file")
  }

  /// Checks the memory of a table that grows while a file is read. Asked often, it seldom does more than compare two
  /// numbers.
  package struct Growing: Sendable {
    /// Bytes of memory for each entry.
    private let bytes: Int
    /// How many entries there may be before memory is checked again.
    private var unchecked = 1 << 20

    package init(bytes: Int) { self.bytes = bytes }

    /// Throws ``StreamError`` if there are more entries than memory has room for.
    package mutating func check(_ count: Int, _ name: String) throws {
      guard count > unchecked else { return }
      // A table of this size grows to twice of it before the next check.
      unchecked = 2 * count
      try MemoryBudget.check(name, needs: bytes * unchecked, "for \(count) token ids and more")
    }
  }
}
