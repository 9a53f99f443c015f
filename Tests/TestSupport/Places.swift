import Foundation

/// Where tests find things.
package enum Places {
  /// The package's root.
  package static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The committed sample.
  package static let sample = root.appendingPathComponent("Examples/tiny-kjv/data").path

  /// Real data kept next to the repository, if there is any; see ``hasShared``.
  package static let shared = root.deletingLastPathComponent().appendingPathComponent("shared/data/tiny-kjv").path

  /// Whether the shared data exists.
  package static let hasShared = FileManager.default.fileExists(atPath: shared + "/golden.json")

  /// The built `collapse`, next to the running test.
  package static let tool = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appendingPathComponent("collapse").path
}
