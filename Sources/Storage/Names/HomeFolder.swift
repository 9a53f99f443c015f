import Support

/// What a leading `~` means in a path: the user's home folder, `$HOME`. Nothing else is expanded.
///
/// A shell expands `~` only where a word starts with it, so not in `--output=~/x`, within quotes or in a pipeline file.
/// Here it means the same in every option and in every pipeline file.
package enum HomeFolder {
  /// The path with `~` or `~/` at its start expanded. `~name`, and anything if `$HOME` is not set, stays as it is.
  package static func expand(_ path: String) -> String { expand(path, home: getenv("HOME").map { FileName.text($0) }) }

  static func expand(_ path: String, home: String?) -> String {
    guard path == "~" || path.utf8.starts(with: "~/".utf8), let home, !home.isEmpty else { return path }
    return home + path.dropFirst()
  }

  /// Advice for a path that does not exist and has a `~` or `$` that nothing expanded; nil if it has neither.
  package static func advice(for path: String) -> String? {
    if path.utf8.first == UInt8(ascii: "~") {
      return "only ~/ at the start of a path stands for your home, and only if HOME is set: write the full path"
    }
    guard let variable = firstVariable(in: path) else { return nil }
    return """
      \(variable) is literal here: collapse does not expand it. \
      Let the shell do it, in double quotes; for a pipeline file, as in --set out="\(variable)/x"
      """
  }

  /// The first part of a path that looks like a shell variable, such as `$SCRATCH` or `${SCRATCH}`.
  package static func firstVariable(in path: String) -> String? {
    path.firstMatch(of: /\$(?:[A-Za-z_][A-Za-z0-9_]*|\{[^}\/]*\})/).map { String($0.output) }
  }
}
