import Foundation
import Support

/// The processor this runs on.
enum Processor {
  /// Its name, if the system reports it.
  static var name: String? {
    name(in: FileManager.default.contents(atPath: "/proc/cpuinfo").map { String(decoding: $0, as: UTF8.self) } ?? "")
  }

  /// Its name, and the number of threads used.
  static func json(threads: Int) -> JSONValue {
    ["processor": name.map { .string($0) } ?? .null, "threads": .integer(threads)]
  }

  /// The first line of a table of medians.
  static func heading(threads: Int, repeats: Int) -> String {
    "\(name ?? "unknown processor"), \(threads) thread\(threads == 1 ? "" : "s"); median of \(repeats)"
  }

  /// The first “model name” of `/proc/cpuinfo`.
  static func name(in text: String) -> String? {
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == "model name" else { continue }
      let name = parts[1].trimmingCharacters(in: .whitespaces)
      return name.isEmpty ? nil : name
    }
    return nil
  }
}
