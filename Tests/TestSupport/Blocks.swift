import Samples

/// A block of rows stored as `scalar`; bfloat16 is truncated, not rounded.
package func block<Number: BinaryFloatingPoint>(
  _ labels: [Int32], _ rows: [[Number]], _ scalar: ScalarType = .float32, predictions: [Int32]? = nil
) -> Block {
  let builder = try! BlockBuilder(dimension: rows[0].count, scalar: scalar, firstRow: 0)
  let (target, features) = (builder.next(labels.count), builder.keep(0..<labels.count))
  for (index, label) in labels.enumerated() {
    target.labels[index] = label
    target.predictions[index] = predictions?[index] ?? Block.noPrediction
  }
  if predictions != nil { builder.carryPredictions() }
  var place = 0
  for value in rows.joined() {
    switch scalar {
    case .float16: features.storeBytes(of: Float16(value), toByteOffset: place, as: Float16.self)
    case .bfloat16: features.storeBytes(of: UInt16(Float(value).bitPattern >> 16), toByteOffset: place, as: UInt16.self)
    case .float32: features.storeBytes(of: Float(value), toByteOffset: place, as: Float.self)
    case .float64: features.storeBytes(of: Double(value), toByteOffset: place, as: Double.self)
    }
    place += scalar.byteCount
  }
  builder.commit(labels.count, source: "test", firstRow: 0)
  return builder.finish()
}
