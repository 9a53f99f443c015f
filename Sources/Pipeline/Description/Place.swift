/// Where the user wrote something: in a pipeline file, or on the command line.
public enum Place: Sendable, Hashable {
  /// Lines and columns count from 1.
  case file(String, line: Int, column: Int)
  /// An option, as in `--within`, or an argument's name.
  case option(String)
}

extension Place: CustomStringConvertible {
  public var description: String {
    switch self {
    case .file(let file, let line, let column): "\(file):\(line):\(column)"
    case .option(let name): name
    }
  }
}
