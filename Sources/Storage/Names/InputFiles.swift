import Foundation
import Support
import SystemPackage

/// The files named by a command's INPUT arguments.
package enum InputFiles {
  /// Expands files, globs and `-` into file names, in the order given. The files of one glob come in natural order (2
  /// before 10). See ``Glob`` for what a pattern matches.
  ///
  /// A name that exists is used as it is, even if it looks like a glob. Throws ``StreamError`` for a missing file, a
  /// glob without matches, a directory, a match that is not a file, and `-` given twice.
  package static func expand(_ arguments: [String]) throws -> [String] {
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
    if let kind = Files.kind(of: argument) {
      if kind == S_IFDIR { throw FileBytes.isDirectory(argument) }
      return [argument]
    }
    let error = Errno(rawValue: errno)
    guard NamePattern.isPattern(argument) else {
      throw FileBytes.cannotOpen(argument, error == .notDirectory ? .noSuchFileOrDirectory : error)
    }
    let matches = try Glob(argument).files()
    guard !matches.isEmpty else {
      throw StreamError(
        .missing, file: argument, expected: "files that match the pattern", found: "none",
        advice: HomeFolder.advice(for: argument)
          ?? "check the pattern and its folder; ** stands for folders at any depth, as in 'data/**/*.npy'")
    }
    return matches.sorted(by: naturallyPrecedes)
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
