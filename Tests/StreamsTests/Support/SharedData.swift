import Foundation

/// The example data of the project's shared folder, beside the package, where it is there.
enum SharedData {
  static let tinyKJV = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("../shared/data/tiny-kjv")
    .standardizedFileURL.path

  static let isThere = FileManager.default.fileExists(atPath: tinyKJV + "/train.h5")
}
