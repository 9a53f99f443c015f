import Formats
import Storage

package enum FileSizes {
  /// Total bytes of the files, following links; 0 if one of them is a pipe.
  package static func total(_ files: [String]) -> Int {
    var total = 0
    for file in files.flatMap(Formats.files) {
      guard let size = Files.size(of: file) else { return 0 }
      total += size
    }
    return total
  }
}
