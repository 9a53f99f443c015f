import Foundation
import Support
import SystemPackage

/// Removes what killed runs left.
package enum Leftovers {
  /// Removes the temporary files of outputs, and what dead processes left in their folders. The caller holds the locks
  /// of the outputs, so no other run uses them.
  package static func remove(of outputs: [String]) {
    var files: [String: Set<String>] = [:]
    for output in outputs {
      for (folder, names) in OutputFiles(output).temporaryFor { files[folder, default: []].formUnion(names) }
    }
    for (folder, names) in files { remove(in: folder) { names.contains($0) } }
  }

  /// Does the same, and removes the checkpoints, which a complete output does not need.
  package static func removeAll(of outputs: [String]) {
    remove(of: outputs)
    for files in outputs.map({ OutputFiles($0) }) {
      for file in [files.checkpoint, files.previousCheckpoint] { unlink(file) }
    }
  }

  /// Removes the temporary files that were made for an output in another folder; see ``AtomicFile/begin(_:for:)``.
  package static func remove(of output: String, in folder: String) {
    let name = OutputFiles(output).name
    remove(in: folder) { $0 == name }
  }

  /// Removes every temporary file in a folder whose files all belong to one run.
  package static func remove(in folder: String) { remove(in: folder) { _ in true } }

  private static func remove(in folder: String, for isWanted: (_ file: String) -> Bool) {
    for name in (try? Files.names(in: folder)) ?? [] {
      let path = (folder as NSString).appendingPathComponent(name)
      if let file = OutputFiles.file(ofTemporary: name) {
        if isWanted(file), !OutputLock.isOwn(path) { remove(path) }
      } else {
        AbandonedFiles.remove(name, in: folder)
      }
    }
  }

  /// Removes a file or link, or a private folder of this user.
  private static func remove(_ path: String) {
    if unlink(path) != 0, AbandonedFiles.isPrivate(path) { Files.remove(path) }
  }
}
