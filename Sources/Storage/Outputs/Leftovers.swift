import Support
import SystemPackage

/// Removes what killed runs left.
package enum Leftovers {
  /// Removes the temporary files of outputs, and what dead processes left in their folders. The caller holds the locks
  /// of the outputs, so no other run uses them.
  package static func remove(of outputs: [OutputFiles]) {
    // Paths and names as bytes: Swift takes different names for equal if Unicode does.
    var wanted: [[UInt8]: (folder: String, files: Set<[UInt8]>)] = [:]
    for (folder, files) in outputs.flatMap(\.temporaryFor) {
      wanted[Array(folder.utf8), default: (folder, [])].files.formUnion(files.map { Array($0.utf8) })
    }
    for (folder, files) in wanted.values { remove(in: folder) { files.contains($0) } }
  }

  /// Does the same, and removes the checkpoints, which a complete output does not need.
  package static func removeAll(of outputs: [OutputFiles]) {
    remove(of: outputs)
    for files in outputs {
      for file in [files.checkpoint, files.previousCheckpoint] { unlink(file) }
    }
  }

  /// Removes every temporary file in a folder whose files all belong to one run.
  package static func remove(in folder: String) { remove(in: folder) { _ in true } }

  private static func remove(in folder: String, for isWanted: (_ file: [UInt8]) -> Bool) {
    for name in (try? Files.names(in: folder)) ?? [] {
      if let file = OutputFiles.file(ofTemporary: name) {
        if isWanted(file) { remove(Files.path(folder, name)) }
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
