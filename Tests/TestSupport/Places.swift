import Foundation

/// Where tests find things.
public enum Places {
  /// The package's root.
  public static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The committed sample.
  public static let sample = root.appendingPathComponent("Examples/tiny-kjv/data").path

  /// Real data kept beside the repository, where there is any; see ``hasShared``.
  public static let shared = root.deletingLastPathComponent().appendingPathComponent("shared/data/tiny-kjv").path

  /// Whether the shared data is here.
  public static let hasShared = FileManager.default.fileExists(atPath: shared + "/golden.json")

  /// The built `collapse`, beside the running test.
  public static let tool = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appendingPathComponent("collapse").path
}
