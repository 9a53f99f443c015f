/// Where the user wrote something: in a pipeline file or on the command line.
package enum SourcePosition: Sendable, Hashable, Codable {
  /// Lines and columns count from 1.
  case file(String, line: Int, column: Int)
  /// An option, as in `--within`, or an argument's name.
  case option(String)
}

extension SourcePosition {
  /// The pipeline file, if this is a place in one.
  var file: String? { if case .file(let file, _, _) = self { file } else { nil } }

  package var isOnCommandLine: Bool { if case .option = self { true } else { false } }

  /// How to write an option here: `threads: 1` in a file, `--threads 1` on the command line.
  package func example(_ name: String, _ value: String) -> String {
    switch self {
    case .file: "\(name): \(value)"
    case .option: "--\(name) \(value)"
    }
  }

  /// The option's name here: `threads` in a file, `--threads` on the command line.
  package func name(_ option: String) -> String { isOnCommandLine ? "--\(option)" : option }

  /// Whether this comes before `other`. The command line comes before all files.
  func precedes(_ other: SourcePosition) -> Bool { position < other.position }

  private var position: (Int, Int) {
    switch self {
    case .file(_, let line, let column): (line, column)
    case .option: (0, 0)
    }
  }
}

extension SourcePosition: CustomStringConvertible {
  package var description: String {
    switch self {
    case .file(let file, let line, let column): "\(file):\(line):\(column)"
    case .option(let name): name
    }
  }
}
