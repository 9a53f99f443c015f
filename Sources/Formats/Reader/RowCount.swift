/// How many rows an input has, from its headers, where one can go to any row of it.
public enum RowCount {
  /// Rows of input `number` of a stream; nil where rows are in Zstandard frames, or in a pipe, so that nobody knows before all
  /// of it is decompressed or gone, and nobody can go to a row but past all before it.
  ///
  /// Reads the tokens where these are apart. Throws ``StreamError`` for what reading would throw it for, but for values.
  public static func of(_ name: String, number: Int, options: ReadOptions) throws -> Int? {
    let kind = try name == "-" ? .pipe : FileKind.of(name)
    guard kind != .pipe, kind != .zstd else { return nil }
    let paired = options.pairing?.files(ofInput: number) ?? []
    guard try !paired.contains(where: { try $0 == "-" || FileKind.of($0) == .pipe }) else { return nil }
    var options = options
    (options.rows, options.threads) = (nil, 1)
    let input = try StreamInputs.open(name, number: number, options: options)
    var rows = 0
    while var batch = try input.nextBatch(firstRow: rows, options: options) {
      try batch.skipFirst(batch.rows)
      rows += batch.rows
      try Task.checkCancellation()
    }
    return rows
  }
}
