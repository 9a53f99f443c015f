import Foundation
import Storage
import Support

/// The room that checkpoints take, beside an output that may need it.
extension CheckpointStore {
  /// Bytes of the checkpoints that are there.
  var bytes: Int { [current, previous].reduce(0) { $0 + Self.size(of: $1) } }

  private static func size(of file: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: file)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }

  /// Does `body`, which writes beside the checkpoints. Where it finds no room, the checkpoint before the last is given up,
  /// if the last is whole, and it is done once more.
  func makingRoom<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as StreamError where error.kind == .noRoom && givesUpPrevious() {
      log.info("\(name): no room; the checkpoint before the last one is removed, and it is tried again")
      return try body()
    }
  }

  /// Writes the artefact by `body`, as ``makingRoom(_:)`` does. Where there is no room nevertheless, the error says what the
  /// last checkpoint takes, and how what it keeps gets elsewhere: a checkpoint is found by its output's name and place alone.
  func writeArtefact(_ body: () throws -> Void) throws {
    do {
      try makingRoom(body)
    } catch let error as StreamError where error.kind == .noRoom && Self.size(of: current) > 0 {
      var diagnosis = error.diagnosis
      let file = (output as NSString).lastPathComponent
      diagnosis.advice = """
        make room and run again: it goes on from \(current), which takes \(ByteCount.describe(Self.size(of: current))) there; \
        or move that to FOLDER/\((current as NSString).lastPathComponent), with room for both, and give --output FOLDER/\(file)
        """
      throw StreamError(.noRoom, diagnosis)
    }
  }

  /// Removes the checkpoint before the last, where there is one and the last is whole, and says whether it did.
  private func givesUpPrevious() -> Bool {
    finish()
    guard Self.size(of: previous) > 0, (try? CheckpointReader(current)) != nil else { return false }
    return unlink(previous) == 0
  }
}
