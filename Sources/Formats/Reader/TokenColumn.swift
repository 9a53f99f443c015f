import Samples
import Storage

/// Token ids of the rows of a batch, either labels or predictions, read in order.
struct TokenColumn {
  let type: ElementType
  /// Name of the type in which the ids were stored, if it differs from `type`.
  var typeName: String?
  /// `label` or `prediction`.
  let role: String
  let file: String
  /// The array of labels as an option names it, if the user did not say that they are labels.
  var reference: String?
  /// Rows of the file before the batch.
  let firstRow: Int
  /// Writes the elements from a row of the batch on, as stored.
  let fill: (_ row: Int, UnsafeMutableRawBufferPointer) throws -> Void

  /// Exclusive upper bound of token ids.
  static let bound = Int(Int32.max)

  /// Reads the ids of the rows from `row` on, which must be the next row or the first.
  ///
  /// Throws ``StreamError`` at the first invalid token id, with its row in the file.
  func read(into ids: UnsafeMutableBufferPointer<Int32>, row: Int) throws {
    let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: ids.count * type.width, alignment: 8)
    defer { raw.deallocate() }
    try fill(row, raw)
    type.makeNative(raw)
    guard let bad = type.tokenIDs(UnsafeRawBufferPointer(raw), bound: Self.bound, into: ids) else { return }
    throw StreamError(
      .badLabel, file: file, position: "row \(firstRow + row + bad.index)",
      expected: "a \(role) of at least 0 and below \(Self.bound)", found: bad.value, advice: advice(bad.value))
  }

  /// A masked label is a question: models that take such labels shift them, so they are the tokens themselves.
  private func advice(_ value: String) -> String {
    guard value.hasPrefix("-"), role == "label" else { return "token ids have 31 bits: check the array's type" }
    let drop = "drop positions without a next token (padding, -100) before writing the stream"
    guard value == "\(UsualNames.maskedLabel)" else { return drop }
    let tokens = reference.map { "say --tokens \($0) --ignore \(value)" } ?? "save the next tokens instead"
    return "is the label the token at each position, as Hugging Face's models take it? If so, \(tokens). "
      + "If it is the next token, \(drop)"
  }
}
