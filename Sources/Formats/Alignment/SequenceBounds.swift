import Storage

/// Where sequences end, read in order from an array of offsets or of lengths.
///
/// Offsets are 0, the first position of each later sequence, and the number of positions: one more than there are
/// sequences. Lengths are the positions of each sequence. Either may describe empty sequences.
final class SequenceBounds {
  enum Form: String { case offsets, lengths }

  /// The array, as the user named it.
  let name: String
  /// The position after the last sequence.
  let total: Int
  let integrities: [FileIntegrity]
  /// In words: `offsets`, or `offsets /run/offsets` in a file that names its arrays.
  let words: String
  private let form: Form
  private let integers: StoredIntegers
  private var ahead: ArraySlice<Int64> = []
  private var last = 0

  /// Opens the array, and reads it once to check the bounds.
  ///
  /// - Parameter positions: the number of positions, if known.
  /// Throws ``StreamError`` if offsets do not start at 0 or decrease, if a length is negative, or if the end is not
  /// `positions`.
  convenience init(_ text: String, _ form: Form, positions: Int?, options: ReadOptions) throws {
    let first = try SequenceBounds(text, form, total: 0, options)
    while try first.next() != nil {}
    try self.init(text, form, total: first.last, options)
    if let positions { try checkTotal(positions) }
  }

  private init(_ text: String, _ form: Form, total: Int, _ options: ReadOptions) throws {
    let reference = TensorReference(text)
    guard !FileBytes.isOnce(reference.file) else {
      throw StreamError(
        .notAFile, file: reference.file, expected: "a file of \(form.rawValue)",
        found: "a pipe, which cannot be read twice",
        advice: "save the \(form.rawValue) in a file")
    }
    let file = try PeekedFile(reference.file, options: options)
    let role = PositionArray.Role.bounds(form.rawValue)
    let opened = try PositionArray(file, named: reference.tensor, as: role)
    guard let type = opened.array.elementType, type.isInteger, opened.array.shape.count == 1 else {
      throw StreamError(
        .badShape, file: reference.file, position: opened.array.position, expected: role.what,
        found: opened.array.summary, advice: "save them with numpy.save, as 1-d integers")
    }
    (name, self.form, self.total, integrities) = (text, form, total, opened.integrities)
    words = form.rawValue + (opened.name.map { " " + $0.path } ?? "")
    integers = StoredIntegers(
      try opened.array.bytes(from: 0), name: text, type: type, count: try opened.positions(1).count)
  }

  /// The position after the next sequence; nil after the last.
  func next() throws -> Int? {
    if form == .offsets, integers.done == 0 {
      let first = try number()
      guard first == 0 else {
        throw wrong(0, "0, where the first sequence starts", first.map { "\($0)" } ?? "none")
      }
    }
    let place = index
    guard let number = try number() else { return nil }
    let (end, overflow) = form == .lengths ? last.addingReportingOverflow(number) : (number, false)
    guard !overflow, number >= 0, end >= last else {
      throw wrong(
        place, form == .lengths ? "a length of at least 0, and a sum that does not overflow" : "at least \(last)",
        "\(number)")
    }
    last = end
    return end
  }

  /// Throws ``StreamError`` if the sequences do not end with the positions.
  func checkTotal(_ positions: Int) throws {
    guard total != positions else { return }
    throw StreamError(
      .countMismatch, file: name,
      expected: form == .lengths
        ? "lengths that add up to \(positions) positions"
        : "a last offset of \(positions), the number of positions", found: "\(total)",
      advice: form == .lengths
        ? "give the sequence lengths of these tokens"
        : "give the sequence offsets of these tokens: 0, the start of each later sequence, and the end of the last")
  }

  /// Index of the next integer.
  private var index: Int { integers.done - ahead.count }

  private func number() throws -> Int? {
    if ahead.isEmpty {
      try Task.checkCancellation()
      var some = [Int64](repeating: 0, count: 1 << 13)
      let count = try some.withUnsafeMutableBufferPointer { try integers.read(into: $0) }
      ahead = some[..<count]
    }
    return ahead.popFirst().map { Int(clamping: $0) }
  }

  private func wrong(_ index: Int, _ expected: String, _ found: String) -> StreamError {
    StreamError(
      .badReference, file: name, position: "\(form == .lengths ? "length" : "offset") \(index)", expected: expected,
      found: found,
      advice: form == .lengths
        ? "give the number of positions of each sequence; for offsets, use --sequence-offsets"
        : "give 0, the start of each later sequence, and the end of the last; for lengths, use --sequence-lengths")
  }
}
