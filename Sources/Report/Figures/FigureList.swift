import Foundation
import Storage

/// The figure files that belong to a page: their checksums are attributes of its elements.
///
/// The page of an earlier run tells which files the tool made. So figures no longer in the report can be removed, and
/// nothing else.
package struct FigureList: Sendable, Equatable {
  /// The XXH3-128 of each file, by its name.
  package let sums: [String: String]

  /// The figures of a page; empty if the page is not ours.
  package init(html: String) {
    var sums: [String: String] = [:]
    for piece in html.components(separatedBy: "<figure id=\"figure-").dropFirst() {
      let attributes = /([a-z0-9_-]+)" data-svg="([0-9a-f]{32})" data-csv="([0-9a-f]{32})">/
      guard let found = piece.prefixMatch(of: attributes) else { continue }
      sums["\(found.1).svg"] = String(found.2)
      sums["\(found.1).csv"] = String(found.3)
    }
    self.sums = sums
  }

  /// The XXH3-128 of a file's bytes.
  package static func sum(_ bytes: [UInt8]) -> String {
    let checksum = Checksum()
    checksum.update(bytes)
    return checksum.value
  }
}
