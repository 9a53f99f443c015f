import Formats
import Foundation

package enum FileSizes {
  /// Bytes of all files, those that links lead to among them; 0 where a pipe is among them.
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
