/// The values that an option takes. ``OptionDecoder`` checks the command line and the pipeline file against it, and
/// ``PipelineSchema`` passes it to editors.
package enum OptionType: Sendable, Equatable {
  /// Any text.
  case text
  /// A whole number within bounds.
  case count(atLeast: Int = 1, atMost: Int = .max)
  /// A whole number within bounds that may be written as `1e9`.
  case amount(atLeast: Int = 1, atMost: Int = 1 << 53)
  /// A whole number that may be negative.
  case integer
  /// An amount of memory: `4GiB`.
  case bytes
  /// Bytes per second: `200MiB`.
  case rate
  /// A span of time, `10s`, or `off`.
  case interval
  /// The first and last row, `0-999`, or one row.
  case rows
  /// `true` or `false`.
  case flag
  /// One of these names.
  case choice([String])
  /// A file to read.
  case file
  /// A file to read, or an array in one, as in `file#name`.
  case array
  /// A file to write.
  case output
  case folder
  /// A stage that makes this product, or a file that holds one if `orFile` is true.
  case reference(Product, orFile: Bool = true)

  /// Upper bound of token ids, exclusive.
  package static let mostTokens = Int(Int32.max)

  /// Whether values of this type affect the result, unless the option says otherwise. Files count by their content, not
  /// their name.
  var changesResult: Bool {
    switch self {
    case .text, .count, .amount, .integer, .rows, .flag, .choice, .array: true
    case .bytes, .rate, .interval, .file, .output, .folder, .reference: false
    }
  }

  /// A choice among the names of an enumeration's cases.
  package static func choice<Choice: RawRepresentable<String> & CaseIterable>(of: Choice.Type) -> OptionType {
    .choice(Choice.allCases.map(\.rawValue))
  }
}
