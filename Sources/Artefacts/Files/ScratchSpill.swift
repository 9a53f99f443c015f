import Moments
import Storage

extension ScratchFile: RowSpill {}

extension ResidentLimit {
  /// - Parameter folder: holds the scratch file, which is created once there are more means than `rows`.
  package init(rows: Int, folder: String) {
    self.init(rows: rows) { try ScratchFile(in: folder) }
  }
}
