import Foundation

/// The files named by a command's INPUT arguments.
public enum InputFiles {
  /// Expands files, globs and `-` into file names, in the order given. The files of one glob come in natural order (2
  /// before 10).
  ///
  /// A name that exists is used as it is, even if it looks like a glob. Throws ``StreamError`` for a missing file, a
  /// glob without matches, a directory, and `-` given twice.
  public static func expand(_ arguments: [String]) throws -> [String] {
    var files: [String] = []
    for argument in arguments {
      let matches = try expand(argument)
      if argument == "-" && files.contains("-") {
        throw StreamError(
          .badReference, file: "-", expected: "standard input once", found: "it twice",
          advice: "name it once: it can be read only once")
      }
      files += matches
    }
    return files
  }

  private static func expand(_ argument: String) throws -> [String] {
    if argument == "-" { return [argument] }
    var isDirectory: ObjCBool = false
    if FileManager.default.fileExists(atPath: argument, isDirectory: &isDirectory) {
      if isDirectory.boolValue { throw FileBytes.isDirectory(argument) }
      return [argument]
    }
    guard argument.contains(where: { "*?[".contains($0) }) else {
      throw FileBytes.cannotOpen(argument, .noSuchFileOrDirectory)
    }
    let matches = glob(argument).filter { name in
      FileManager.default.fileExists(atPath: name, isDirectory: &isDirectory) && !isDirectory.boolValue
    }
    guard !matches.isEmpty else {
      throw StreamError(
        .missing, file: argument, expected: "files that match the pattern", found: "none",
        advice: "check the pattern and its folder")
    }
    return matches.sorted(by: naturallyPrecedes)
  }

  private static func glob(_ pattern: String) -> [String] {
    var result = glob_t()
    defer { globfree(&result) }
    guard Glibc.glob(pattern, GLOB_NOSORT, nil, &result) == 0 else { return [] }
    return (0..<Int(result.gl_pathc)).compactMap { result.gl_pathv[$0].map { String(cString: $0) } }
  }

  /// Natural order: runs of digits compare as numbers, and ties are broken byte by byte.
  package static func naturallyPrecedes(_ first: String, _ second: String) -> Bool {
    switch first.compare(second, options: .numeric) {
    case .orderedAscending: true
    case .orderedDescending: false
    case .orderedSame: first.utf8.lexicographicallyPrecedes(second.utf8)
    }
  }
}
