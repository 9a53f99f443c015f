import Moments
import Storage

extension ScratchFile: RowSpill {}

extension ResidentLimit {
  /// - Parameter folder: of the scratch file, which is made when first there are more means than `rows`.
  package init(rows: Int, folder: String) {
    self.init(rows: rows) { try ScratchFile(in: folder) }
  }
}
