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
    let bytes = Self.start(of: page)
    sums = bytes.map { FigureList(html: String(decoding: $0, as: UTF8.self)).sums } ?? [:]
    self.folder = folder
  }

  /// All of them, whether they still exist or not.
  var files: [String] { sums.keys.sorted().map { "\(folder)/\($0)" } }

  /// Whether the page lists a file of this name, changed since or not.
  func lists(_ name: String) -> Bool { sums[name] != nil }

  /// Whether a file is still as the page lists it.
  private func holds(_ name: String) -> Bool {
    sums[name].map { $0 == Self.bytes("\(folder)/\(name)").map(FigureList.sum) } ?? false
  }

  /// Removes figures that still have the checksum that the page lists; returns how many of them are not in `made`.
  func remove(but made: [String]) -> Int {
    sums.keys.filter(holds).filter { unlink("\(folder)/\($0)") == 0 }.count { !made.contains($0) }
  }

  /// Nil for anything but a regular file; symbolic links are not followed.
  private static func bytes(_ file: String) -> [UInt8]? {
    var status = stat()
    guard lstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= largest else { return nil }
    return (try? Files.contents(of: file)).map(Array.init)
  }

  /// Bytes of a page before its table of classes, which may be large. Figures come before it.
  private static let mostBeforeTable = 32 << 20

  /// The part of a page that lists figures; nil for anything but a regular file.
  private static func start(of page: String) -> [UInt8]? {
    var status = stat()
    guard lstat(page, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return try? FileBytes(name: page).peek(min(Int(status.st_size), mostBeforeTable))
  }
}
