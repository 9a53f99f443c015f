/// What may be given for an option. ``OptionDecoder`` holds the command line and the pipeline file to it, ``PipelineSchema``
/// tells editors.
public enum OptionType: Sendable, Equatable {
  /// Any text.
  case text
  /// A whole number, no smaller and no larger.
  case count(atLeast: Int = 1, atMost: Int = .max)
  /// A whole number, no smaller and no larger, that may be written as `1e9`.
  case amount(atLeast: Int = 1, atMost: Int = 1 << 53)
  /// A whole number, which may be negative.
  case integer
  /// An amount of memory: `4GiB`.
  case bytes
  /// Bytes a second: `200MiB`.
  case rate
  /// A span of time, `10s`, or `off`.
  case interval
  /// A first and a last row, `0-999`, or one row.
  case rows
  /// `true` or `false`.
  case flag
  /// One of some names.
  case choice([String])
  /// A file to read.
  case file
  /// A file to read, or, as in `file#name`, an array in one.
  case array
  /// A file to write.
  case output
  case folder
  /// A stage that makes a product, or, where one may stand in for it, a file that holds one.
  case reference(Product, orFile: Bool = true)

  /// Token ids that there can be at most: each is below this.
  package static let mostTokens = Int(Int32.max)

  /// Whether, unless an option says otherwise, another value gives another result. Files count by what they hold.
  var changesResult: Bool {
    switch self {
    case .text, .count, .amount, .integer, .rows, .flag, .choice, .array: true
    case .bytes, .rate, .interval, .file, .output, .folder, .reference: false
    }
  }

  /// The names of an enumeration's cases.
  package static func choice<Choice: RawRepresentable<String> & CaseIterable>(of: Choice.Type) -> OptionType {
    .choice(Choice.allCases.map(\.rawValue))
  }
}
