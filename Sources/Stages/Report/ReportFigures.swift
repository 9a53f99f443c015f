import Report
import Storage
import Support

/// The figure files that an earlier run left.
struct ReportFigures {
  private let folder: String
  private let sums: [String: String]

  /// No page of ours is larger, in bytes.
  private static let largest = 1 << 30

  /// The figures listed by the existing page at `page`; none if there is no page.
  init(of page: String, in folder: String) {
    let bytes = Self.bytes(page)
    sums = bytes.map { FigureList(html: String(decoding: $0, as: UTF8.self)).sums } ?? [:]
    self.folder = folder
  }

  /// All of them, whether they still exist or not.
  var files: [String] { sums.keys.sorted().map { "\(folder)/\($0)" } }

  /// Removes figures that still have the checksum that the page lists; returns how many of them are not in `made`. Also
  /// removes the folder if it is empty.
  func remove(but made: [String]) -> Int {
    let own = sums.filter { name, sum in Self.bytes("\(folder)/\(name)").map(FigureList.sum) == sum }
    let removed = own.keys.filter { unlink("\(folder)/\($0)") == 0 }
    if !removed.isEmpty { rmdir(folder) }
    return removed.count { !made.contains($0) }
  }

  /// Nil for anything but a regular file; symbolic links are not followed.
  private static func bytes(_ file: String) -> [UInt8]? {
    var status = stat()
    guard lstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= largest else { return nil }
    return Files.contents(of: file).map(Array.init)
  }
}
