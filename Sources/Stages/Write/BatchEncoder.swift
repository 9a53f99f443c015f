import Formats
import Samples
import Storage

/// Makes batches of an embedding stream: labels, predictions if every row has one, and features, which may be converted
/// to another type. They are as `numpy.save` writes them, but for the padding of the first header.
struct BatchEncoder: Sendable {
  /// Consecutive rows of a block.
  struct Slice: Sendable {
    let block: Block
    let rows: Range<Int>

    init(_ block: Block, _ rows: Range<Int>) {
      (self.block, self.rows) = (block, rows)
    }
  }

  /// The type of the features written; nil keeps the type of the rows.
  let type: ScalarType?

  /// Whether features of one type convert to another without loss.
  static func isExact(_ from: ScalarType, _ to: ScalarType) -> Bool {
    from == to || (to == .float32 && from.byteCount == 2) || to == .float64
  }

  /// The bytes of a batch. The slices share one type and dimension, and either all or none have predictions.
  ///
  /// Features are rounded to the nearest number of the type, ties to even. Throws ``StreamError`` that names the row if
  /// a feature would become infinite.
  func encode(_ slices: [Slice]) throws -> [UInt8] {
    guard let first = slices.first?.block else { return [] }
    let rows = slices.map(\.rows.count).reduce(0, +)
    let scalar = type ?? first.scalar
    var bytes: [UInt8] = []
    bytes.reserveCapacity(rows * (8 + first.dimension * scalar.byteCount) + 1024)
    bytes += NPYWriter.header(ofBatch: rows)
    for slice in slices { Self.append(slice.block.labels[slice.rows], to: &bytes) }
    if let row = slices.first?.rows.first, let prediction = first.predictions?[row], prediction != Block.noPrediction {
      bytes += NPYWriter.header(labels: rows)
      for slice in slices {
        if let predictions = slice.block.predictions { Self.append(predictions[slice.rows], to: &bytes) }
      }
    }
    bytes += NPYWriter.header(features: scalar, rows: rows, dimension: first.dimension)
    for slice in slices {
      for row in slice.rows { try append(row, of: slice.block, as: scalar, to: &bytes) }
    }
    return bytes
  }

  private static func append(_ tokens: Swift.Slice<UnsafeBufferPointer<Int32>>, to bytes: inout [UInt8]) {
    bytes += UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: tokens))
  }

  private func append(_ row: Int, of block: Block, as scalar: ScalarType, to bytes: inout [UInt8]) throws {
    let start = block.rowStarts[row]
    if scalar == block.scalar {
      bytes += UnsafeRawBufferPointer(start: start, count: block.rowBytes)
      return
    }
    let count = block.dimension
    try withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { numbers in
      guard let numbers = numbers.baseAddress else { return }
      block.scalar.widen(start, count: count, into: numbers)
      if scalar == .float64 {
        bytes += UnsafeRawBufferPointer(start: numbers, count: count * MemoryLayout<Double>.size)
        return
      }
      try withUnsafeTemporaryAllocation(byteCount: count * scalar.byteCount, alignment: 8) { narrow in
        guard let start = narrow.baseAddress else { return }
        withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { singles in
          for index in 0..<count {
            singles[index] = scalar == .float32 ? Float(numbers[index]) : Self.roundedToOdd(numbers[index])
          }
          if let singles = singles.baseAddress { scalar.narrow(singles, count: count, into: start) }
        }
        if let bad = scalar.firstNonfinite(start, count: count), numbers[bad].isFinite {
          throw Self.overflow(row, numbers[bad], in: block, scalar)
        }
        bytes += narrow
      }
    }
  }

  /// The number as float32, rounded to odd: if it lies between two floats, the one whose last bit is odd. Rounding that
  /// to half the bits or fewer gives the same as rounding the number itself.
  static func roundedToOdd(_ number: Double) -> Float {
    let nearest = Float(number)
    if Double(nearest) == number || !nearest.isFinite { return nearest }
    let towardsZero = Double(nearest).magnitude > number.magnitude ? Float(bitPattern: nearest.bitPattern - 1) : nearest
    return Float(bitPattern: towardsZero.bitPattern | 1)
  }

  private static func overflow(_ row: Int, _ number: Double, in block: Block, _ scalar: ScalarType) -> StreamError {
    let origin = block.origin(ofRow: row)
    return StreamError(
      .nonfinite, file: origin.source, position: "row \(origin.row)",
      expected: "features that \(scalar.rawValue) can hold", found: "\(number)",
      advice: "write float32 or bfloat16 instead")
  }
}
