import Artefacts
import Storage

/// The files that a study writes, and how the program knows its own.
enum StudyFiles {
  static let own = [
    OwnFile.json { $0["study"]?["properties"] != nil && MeasurementsOrigin.isOwn($0) },
    OwnFile.csv { columns in
      columns.starts(with: ["by", "value", "name", "expression", "n"]) && columns.last == "remarks"
    },
    OwnFile { $0.contents.map { isLaTeX(String(decoding: $0, as: UTF8.self)) } ?? false },
  ]

  /// Whether every line is a property's row, or the name of a group.
  private static func isLaTeX(_ text: String) -> Bool {
    let lines = text.split(separator: "\n")
    let row = /.* & \d+( & (--|\$[^$]*\$)){5,8} \\\\/
    return text.hasSuffix(" \\\\\n") && lines.allSatisfy { $0.hasPrefix("% ") || $0.wholeMatch(of: row) != nil }
  }
}
