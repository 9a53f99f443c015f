import Formats
import Foundation

package enum FileSizes {
  /// Total bytes of the files, following links; 0 if one of them is a pipe.
  package static func total(_ files: [String]) -> Int {
    var total = 0
    for file in files.flatMap(Formats.files) {
      let target = URL(fileURLWithPath: file).resolvingSymlinksInPath().path
      guard let attributes = try? FileManager.default.attributesOfItem(atPath: target),
        attributes[.type] as? FileAttributeType == .typeRegular, let size = attributes[.size] as? Int
      else { return 0 }
      total += size
    }
    return total
  }
}
