import Storage

/// The model's own next token at each position, read in order from the file of features.
final class PositionPredictions {
  let array: PositionArray
  private let integers: StoredIntegers

  /// Opens the array named in the options, or else `predictions`; nil if none is named and there is no such array.
  ///
  /// Throws ``StreamError`` if a named array is missing, or if the array is not one integer per position.
  convenience init?(_ features: PositionArray, _ options: ReadOptions, positions: Int, from first: Int) throws {
    let name = options.arrays.predictions
    guard let (file, arrays, index) = features.others else {
      guard name != nil else { return nil }
      throw StreamError(
        .badReference, file: features.file, expected: "a file that names its arrays, because predictions are named",
        found: features.container, advice: "save features and predictions in one HDF5 or safetensors file")
    }
    guard let chosen = arrays.predictions(named: name, beside: index) else {
      guard let name else { return nil }
      throw StreamError(
        .badReference, file: features.file, expected: "predictions named “\(name)”", found: arrays.held,
        advice: "name the array with --predictions")
    }
    try self.init(PositionArray(chosen, of: arrays, in: file), beside: features, positions: positions, from: first)
  }

  /// Throws ``StreamError`` if the array is not one integer per position.
  init(_ opened: PositionArray, beside features: PositionArray, positions: Int, from first: Int) throws {
    array = opened
    guard let type = opened.array.elementType, type.isInteger,
      opened.array.shape == features.array.shape.dropLast() || opened.array.shape == [positions]
    else {
      throw StreamError(
        .countMismatch, file: features.file, position: opened.array.position,
        expected: "\(positions) predictions, one integer per position", found: opened.array.summary,
        advice: "save the model's next token for each position of the features")
    }
    let source = try opened.bytes(from: first, indices: opened.array.shape.count, positionBytes: type.width)
    integers = StoredIntegers(source, name: features.file, type: type, count: positions - first)
  }

  /// The predictions for the labelled positions of `stretch`, which must be the next stretch.
  func read(_ stretch: NextTokenLabels.Stretch) throws -> [Int32] {
    var all = [Int64](repeating: 0, count: stretch.positions.count)
    _ = try all.withUnsafeMutableBufferPointer { try integers.read(into: $0) }
    var chosen: [Int32] = []
    chosen.reserveCapacity(stretch.labels.count)
    for position in stretch.runs.lazy.flatMap(\.positions) {
      let value = all[position - stretch.positions.lowerBound]
      guard value >= 0, value < TokenColumn.bound else {
        throw StreamError(
          .badLabel, file: integers.name, position: "position \(position)",
          expected: "a prediction of at least 0 and below \(TokenColumn.bound)", found: "\(value)",
          advice: "save a prediction for each position that has a next token")
      }
      chosen.append(Int32(truncatingIfNeeded: value))
    }
    return chosen
  }
}
