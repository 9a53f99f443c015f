/// The number of rows of an input, from its headers, if the input can seek to any row.
package enum RowCount {
  /// Rows of input `number` of a stream; nil for Zstandard frames and pipes, whose rows must be read in order.
  ///
  /// Reads the tokens if they are in a separate file. Throws ``StreamError`` as reading would, except for invalid
  /// values.
  package static func of(_ name: String, number: Int, options: ReadOptions) throws -> Int? {
    guard try Formats.access(to: name) == .any else { return nil }
    let paired = options.alignment?.files(ofInput: number) ?? []
    guard try !paired.contains(where: { try Formats.access(to: $0) == .once }) else { return nil }
    var options = options
    (options.rows, options.threads) = (nil, 1)
    let input = try StreamInputs.open(name, number: number, options: options)
    var rows = 0
    while let batch = try input.nextBatch(firstRow: rows, options: options) {
      try batch.skipFirst(batch.rows)
      rows += batch.rows
      try Task.checkCancellation()
    }
    return rows
  }
}
