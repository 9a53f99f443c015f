import Foundation
import Storage

/// Which figures a page has beside it, as it says itself: the sums of their files are attributes of the elements.
///
/// From a page of an earlier run one learns which files are the tool's own, so that those that are made no more can be
/// removed, and nothing else.
public struct FigureList: Sendable, Equatable {
  /// The XXH3-128 of each file, by its name.
  public let sums: [String: String]

  /// Of a page; empty where it is none of ours.
  public init(html: String) {
    var sums: [String: String] = [:]
    for piece in html.components(separatedBy: "<figure id=\"figure-").dropFirst() {
      let attributes = /([a-z0-9_-]+)" data-svg="([0-9a-f]{32})" data-csv="([0-9a-f]{32})">/
      guard let found = piece.prefixMatch(of: attributes) else { continue }
      sums["\(found.1).svg"] = String(found.2)
      sums["\(found.1).csv"] = String(found.3)
    }
    self.sums = sums
  }

  /// The sum of a file's bytes.
  public static func sum(_ bytes: [UInt8]) -> String {
    let checksum = Checksum()
    checksum.update(bytes)
    return checksum.value
  }
}
