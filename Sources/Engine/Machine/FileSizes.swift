import Formats
import Storage
import Support

package enum FileSizes {
  /// Total bytes of the files, following links; 0 if one of them is a pipe.
  package static func total(_ files: [String]) -> Int {
    let sizes = files.flatMap(Formats.files).map { Files.size(of: $0) }
    return sizes.contains(nil) ? 0 : .saturatingSum(sizes.compactMap(\.self))
  }
}
