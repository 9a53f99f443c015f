import Foundation
import Report

/// The files of figures that an earlier run left.
struct ReportFigures {
  private let folder: String
  private let sums: [String: String]

  /// Larger files, in bytes, are no pages of ours.
  private static let largest = 1 << 30

  /// Those that the page which is still at `page` says it has; none where there is no page.
  init(of page: String, in folder: String) {
    let bytes = FileManager.default.fileExists(atPath: page) ? Self.bytes(page) : nil
    sums = bytes.map { FigureList(html: String(decoding: $0, as: UTF8.self)).sums } ?? [:]
    self.folder = folder
  }

  /// All of them, whether they are still there or not.
  var files: [String] { sums.keys.sorted().map { "\(folder)/\($0)" } }

  /// Removes those that are not among `made` and have the bytes that the page says; how many they were. The folder is
  /// removed too where nothing is left in it.
  func remove(but made: [String]) -> Int {
    let stale = sums.filter { name, sum in
      !made.contains(name) && Self.bytes("\(folder)/\(name)").map(FigureList.sum) == sum
    }
    let removed = stale.keys.count { unlink("\(folder)/\($0)") == 0 }
    if removed > 0 { rmdir(folder) }
    return removed
  }

  /// Nil of anything but a file, which a symbolic link is not.
  private static func bytes(_ file: String) -> [UInt8]? {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: file),
      attributes[.type] as? FileAttributeType == .typeRegular, let size = attributes[.size] as? Int, size <= largest
    else { return nil }
    return FileManager.default.contents(atPath: file).map(Array.init)
  }
}
