import TestSupport
import Testing

@testable import Formats
@testable import Storage

@Suite("Batch layout")
struct BatchLayoutTests {
  private let labels = NPY.integers([5, 6, 7] as [Int32])
  private let features = NPY.floats([[1, 2], [3, 4], [5, 6]])

  /// Expects the error for a stream of these arrays at the start of array `index`, plain and compressed.
  private func expectRefused(
    _ kind: StreamError.Kind, _ arrays: [[UInt8]], at index: Int, mentioning words: [String],
    options: ReadOptions = ReadOptions(), sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let folder = try TemporaryFolder()
    let bytes = arrays.flatMap { $0 }
    let place = "byte \(arrays[..<index].reduce(0) { $0 + $1.count })"
    for (file, position) in [
      (try folder.write("a.npy", bytes), place), (try folder.write("a.npy.zst", Zstd.frame(bytes)), "decoded " + place),
    ] {
      let diagnosis = expectError(kind, file: file, position: position, sourceLocation: sourceLocation) {
        _ = try readAll(file, options: options)
      }
      for word in words { #expect(diagnosis?.description.contains(word) == true, sourceLocation: sourceLocation) }
    }
  }

  @Test("Labels and then features make a batch; predictions may come between")
  func right() throws {
    let folder = try TemporaryFolder()
    let plain = try readAll(folder.write("a", labels + features)).blocks
    #expect(plain.map(\.labels) == [[5, 6, 7]] && plain[0].predictions == nil)
    #expect(plain[0].values == [[1, 2], [3, 4], [5, 6]])
    let with = try readAll(folder.write("b", labels + NPY.integers([8, 9, 0] as [UInt16]) + features)).blocks
    #expect(with[0].predictions == [8, 9, 0] && with[0].features == plain[0].features)
  }

  @Test("Labels without features mean a truncated stream")
  func labelsAlone() throws {
    try expectRefused(.truncated, [labels], at: 0, mentioning: ["features after int32 of shape (3,)"])
    try expectRefused(.truncated, [labels, features, labels], at: 2, mentioning: ["features after"])
    try expectRefused(.truncated, [labels, labels], at: 1, mentioning: ["features after"])
  }

  @Test("Features before labels are out of order")
  func featuresFirst() throws {
    try expectRefused(.badOrder, [features, labels], at: 0, mentioning: ["labels", "float32 of shape (3, 2)"])
    try expectRefused(.badOrder, [labels, features, features], at: 2, mentioning: ["labels"])
    try expectRefused(.badOrder, [labels, labels, labels, features], at: 2, mentioning: ["features: 2-d floats"])
  }

  @Test("Labels that are floats or scalars are refused")
  func labelType() throws {
    let floats = NPY.array("<f4", [3], Array(repeating: 0, count: 12))
    try expectRefused(
      .unsupportedType, [floats, features], at: 0, mentioning: ["integer type", "float32 of shape (3,)"])
    let scalar = NPY.array(header: "{'descr': '<i4', 'fortran_order': False, 'shape': ()}", [0, 0, 0, 0])
    try expectRefused(.badOrder, [scalar, features], at: 0, mentioning: ["()"])
    let wide = NPY.array("<i4", [3, 2], Array(repeating: 0, count: 24))
    try expectRefused(.badOrder, [wide, features], at: 0, mentioning: ["1-d integers"])
    try expectRefused(.badOrder, [labels, floats, features], at: 1, mentioning: ["2-d floats"])
  }

  @Test("Different counts are refused, naming both")
  func counts() throws {
    let four = NPY.floats([[1, 2], [3, 4], [5, 6], [7, 8]])
    try expectRefused(.countMismatch, [labels, four], at: 1, mentioning: ["expected 3 features", "found 4"])
    let predictions = NPY.integers([1, 2] as [Int32])
    try expectRefused(
      .countMismatch, [labels, predictions, features], at: 1, mentioning: ["expected 3 predictions", "found 2"])
    try expectRefused(.countMismatch, [labels, features, labels, four], at: 3, mentioning: ["found 4"])
  }

  @Test("Features with three dimensions are refused with advice that fits the labels")
  func threeDimensions() throws {
    let bytes = [UInt8](repeating: 0, count: 48)
    try expectRefused(
      .badShape, [labels, NPY.array("<f4", [3, 2, 2], bytes)], at: 1,
      mentioning: ["(3, 2, 2)", "x[:, 0]", "x.reshape(3, -1)"])
    try expectRefused(
      .badShape, [labels, NPY.array("<f4", [2, 3, 2], bytes)], at: 1,
      mentioning: ["(2, 3, 2)", "x.reshape(-1, x.shape[-1])"])
    try expectRefused(
      .countMismatch, [labels, NPY.array("<f4", [4, 3], bytes)], at: 1, mentioning: ["x.T", "MATLAB"])
  }

  @Test("Axes of extent 1 are dropped: columns of labels and predictions, vectors in lists of one")
  func unitAxes() throws {
    let folder = try TemporaryFolder()
    let expected = try readAll(folder.write("a", labels + labels + features)).blocks
    let bytes = NPY.bytes(of: [5, 6, 7] as [Int32])
    let (column, row) = (NPY.array("<i4", [3, 1], bytes), NPY.array("<i4", [1, 3], bytes))
    let floats = NPY.bytes(of: [1, 2, 3, 4, 5, 6] as [Float])
    for shape in [[3, 1, 2], [1, 3, 2], [3, 2, 1], [3, 1, 1, 2]] {
      for ids in [column, row, labels] {
        #expect(try readAll(folder.write("b", ids + column + NPY.array("<f4", shape, floats))).blocks == expected)
      }
    }
    // Columns first, the elements of a spare axis do not move either.
    let turned = NPY.bytes(of: [1, 3, 5, 2, 4, 6] as [Float])
    let columns = NPY.array("<f4", [3, 1, 2], turned, isColumnMajor: true)
    #expect(try readAll(folder.write("c", column + row + columns)).blocks == expected)
    // A batch of one row.
    let one = NPY.array("<i4", [1, 1], NPY.bytes(of: [9] as [Int32]))
    let last = try readAll(folder.write("d", one + NPY.array("<f4", [1, 1, 2], Array(floats[..<8])))).blocks
    #expect(last.map(\.labels) == [[9]] && last[0].values == [[1, 2]])
    // With --bf16, a column of uint16 after the labels is features.
    let bits = NPY.array("<u2", [3, 1], NPY.bytes(of: [0x3F80, 0x4000, 0x4040] as [UInt16]))
    let narrow = try readAll(folder.write("e", column + bits), options: ReadOptions(uint16IsBFloat16: true)).blocks
    #expect(narrow[0].values == [[1], [2], [3]] && narrow[0].predictions == nil)
  }

  @Test("Features without columns, or with more than a block can hold, are refused")
  func columns() throws {
    try expectRefused(.badShape, [labels, NPY.array("<f4", [3, 0], [])], at: 1, mentioning: ["(3, 0)"])
    let none = NPY.integers([] as [Int32])
    try expectRefused(.badShape, [none, NPY.array("<f4", [0, 1 << 40], [])], at: 1, mentioning: ["(0, \(1 << 40))"])
  }

  @Test("A compressed header with rows of a tebibyte is refused before memory is allocated")
  func hugeDimension() throws {
    let folder = try TemporaryFolder()
    let bytes = NPY.integers([1] as [Int32]) + NPY.array("<f4", [1, 1 << 38], [0, 0, 0, 0])
    expectError(.badShape, position: "decoded byte 132", mentioning: "\(1 << 38)") {
      _ = try readAll(folder.write("a", Zstd.frame(bytes)))
    }
  }

  @Test("Features with another type are refused")
  func featureType() throws {
    let bytes = [UInt8](repeating: 0, count: 48)
    try expectRefused(.unsupportedType, [labels, NPY.array("<i4", [3, 2], bytes)], at: 1, mentioning: ["int32"])
    try expectRefused(.unsupportedType, [labels, NPY.array("|u1", [3, 2], bytes)], at: 1, mentioning: ["uint8"])
    try expectRefused(.unsupportedType, [labels, NPY.array("<c8", [3, 2], bytes)], at: 1, mentioning: ["“<c8”"])
    try expectRefused(.unsupportedType, [labels, NPY.array("|O", [3, 2], bytes)], at: 1, mentioning: ["object"])
    let structured = NPY.array(
      header: "{'descr': [('label', '<i4'), ('h', '<f4', (2,))], 'fortran_order': False, 'shape': (3,), }", bytes)
    try expectRefused(.unsupportedType, [structured], at: 0, mentioning: ["structured"])
  }

  @Test("uint16 features are refused with a hint at --bf16, and with it are read as bfloat16")
  func uint16() throws {
    let bits = [1.0, -2.5, 0.15625, 1e30].map { UInt16(Float($0).bitPattern >> 16) }
    for order in ["<", ">"] {
      let bytes = NPY.bytes(of: bits.map { order == ">" ? $0.bigEndian : $0.littleEndian })
      let arrays = [NPY.integers([0, 1] as [Int32]), NPY.array("\(order)u2", [2, 2], bytes)]
      try expectRefused(.unsupportedType, arrays, at: 1, mentioning: ["uint16", "--bf16"])

      let folder = try TemporaryFolder()
      let file = try folder.write("a", arrays.flatMap { $0 })
      let block = try #require(try readAll(file, options: ReadOptions(uint16IsBFloat16: true)).blocks.first)
      #expect(block.scalar == .bfloat16)
      #expect(block.values.flatMap { $0 } == bits.map { Double(Float(bitPattern: UInt32($0) << 16)) })
    }
    let wide = NPY.array("<u4", [3, 2], Array(repeating: 0, count: 24))
    try expectRefused(
      .unsupportedType, [labels, wide], at: 1, mentioning: ["uint32"], options: ReadOptions(uint16IsBFloat16: true))
  }
}
