import Foundation
import Storage

/// A folder of the run's own for artefacts that no output keeps, removed at its end.
struct ScratchFolder {
  let path: String
  private let exists: Bool

  /// Makes the folder where it is needed, for this user alone, under a name that cannot be foreseen.
  init(ifNeeded isNeeded: Bool) throws {
    exists = isNeeded
    path = isNeeded ? try TemporaryFile.folder() : ""
  }

  func remove() {
    if exists { try? FileManager.default.removeItem(atPath: path) }
  }
}
