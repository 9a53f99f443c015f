import HDF5

/// The attributes of a file that this project wrote, with errors that name file and attribute.
struct FileAttributes {
  let file: HDF5File
  /// What to do about a file that contradicts itself.
  var advice = "the state is damaged: accumulate it again"

  func text(_ name: String) -> String? {
    if case .text(let text)? = file.attribute(name) { text } else { nil }
  }

  func int(_ name: String, _ range: ClosedRange<Int>) throws -> Int {
    let found: Int? = if case .int(let number)? = file.attribute(name) { number } else { nil }
    guard let found, range.contains(found) else {
      throw StateFormat.bad(
        file.name, "attribute \(name)", "an integer in \(range.lowerBound) … \(range.upperBound)",
        found.map { "\($0)" } ?? "none", advice)
    }
    return found
  }

  /// Refuses a file of another format or version; `advice` says what to do about the first.
  func checkFormat(_ format: String, version: Int, advice: String) throws {
    guard text("format") == format else {
      throw StateFormat.bad(
        file.name, "attribute format", "“\(format)”", text("format").map { "“\($0)”" } ?? "none", advice)
    }
    let found = try int("format_version", 0...(.max))
    guard found == version else {
      throw StateFormat.bad(
        file.name, "attribute format_version", "\(version)", "\(found)",
        "make it again with this release, or use the one that wrote it (\(text("tool") ?? "unknown"))")
    }
  }

  func checksum() throws -> String {
    guard let checksum = text("checksum") else {
      throw StateFormat.bad(file.name, "attribute checksum", "a checksum", "none", advice)
    }
    return checksum
  }
}
