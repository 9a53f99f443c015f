import Samples
import Storage

/// Token ids of the rows of a batch, read in order: labels, or predictions.
struct TokenColumn {
  let type: ElementType
  /// What the type is called where ids were stored in another one.
  var typeName: String?
  /// `label` or `prediction`.
  let role: String
  let file: String
  /// Rows of the file before the batch.
  let firstRow: Int
  /// Writes the elements of the rows from one of the batch on, as they are stored.
  let fill: (_ row: Int, UnsafeMutableRawBufferPointer) throws -> Void

  /// Token ids are below this.
  static let bound = Int(Int32.max)

  /// Reads the ids of the rows from `row` on: those that come next, or the first.
  ///
  /// Throws ``StreamError`` at the first element that is no token id, by its row of the file.
  func read(into ids: UnsafeMutableBufferPointer<Int32>, row: Int) throws {
    let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: ids.count * type.width, alignment: 8)
    defer { raw.deallocate() }
    try fill(row, raw)
    type.makeNative(raw)
    guard let bad = type.tokenIDs(UnsafeRawBufferPointer(raw), bound: Self.bound, into: ids) else { return }
    let advice =
      bad.value.hasPrefix("-") && role == "label"
      ? "drop positions without a next token (padding, -100) before writing the stream"
      : "token ids have 31 bits: check the array's type"
    throw StreamError(
      .badLabel, file: file, position: "row \(firstRow + row + bad.index)",
      expected: "a \(role) of at least 0 and below \(Self.bound)", found: bad.value, advice: advice)
  }
}
