import Foundation
import Storage
import Support

/// Frees disk space taken by checkpoints when an output needs it.
extension CheckpointStore {
  /// Bytes of existing checkpoints.
  package var bytes: Int { [current, previous].reduce(0) { $0 + Self.size(of: $1) } }

  private static func size(of file: String) -> Int {
    Files.size(of: file) ?? 0
  }

  /// Runs `body`, which writes beside the checkpoints. If the disk is full and the last checkpoint is intact, removes
  /// the one before it and tries once more.
  func makingRoom<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as StreamError where error.kind == .noRoom && dropsPreviousCheckpoint() {
      log.info("\(name): no room on the disk; removing the checkpoint before the last, and trying again")
      return try body()
    }
  }

  /// Writes the artefact with `body`, as ``makingRoom(_:)`` does. If there is still no room, the error gives the size
  /// of the last checkpoint and how to move it. A checkpoint is found only by the name and place of its output.
  func writeArtefact(_ body: () throws -> Void) throws {
    do {
      try makingRoom(body)
    } catch let error as StreamError where error.kind == .noRoom && Self.size(of: current) > 0 {
      var diagnosis = error.diagnosis
      let file = (output as NSString).lastPathComponent
      diagnosis.advice = """
        free some space and run again to resume from \(current) (\(ByteCount.describe(Self.size(of: current)))); \
        or move it to FOLDER/\((current as NSString).lastPathComponent), with room for both, and give --output FOLDER/\(file)
        """
      throw StreamError(.noRoom, diagnosis)
    }
  }

  /// Removes the checkpoint before the last if it exists and the last is intact. Returns whether it did.
  private func dropsPreviousCheckpoint() -> Bool {
    finish()
    guard Self.size(of: previous) > 0, (try? CheckpointReader(current)) != nil else { return false }
    return unlink(previous) == 0
  }
}
