import Samples
import Storage
import Support

/// Token ids as an array stores them: labels, or predictions.
struct TokenColumn {
  let type: ElementType
  /// `label` or `prediction`.
  let role: String
  let file: String

  /// Token ids are below this.
  static let bound = Int(Int32.max)

  /// Converts elements, which `fill` is to write, to token ids.
  ///
  /// Throws ``StreamError`` at the first that is none, `firstRow` being the number of the first of them in the file.
  func read(
    into ids: UnsafeMutableBufferPointer<Int32>, firstRow: Int, fill: (UnsafeMutableRawBufferPointer) throws -> Void
  ) throws {
    let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: ids.count * type.width, alignment: 8)
    defer { raw.deallocate() }
    try fill(raw)
    type.makeNative(raw)
    guard let bad = type.tokenIDs(UnsafeRawBufferPointer(raw), bound: Self.bound, into: ids) else { return }
    let advice =
      bad.value.hasPrefix("-") && role == "label"
      ? "drop positions without a next token (padding, -100) before writing the stream"
      : "token ids have 31 bits: check the array's type"
    throw StreamError(
      .badLabel,
      Diagnosis(
        file: file, position: "row \(firstRow + bad.index)",
        expected: "a \(role) of at least 0 and below \(Self.bound)", found: bad.value, advice: advice))
  }
}
