import Storage

/// The model's own next token at each position, read in order from the file of features.
final class PositionPredictions {
  private let integers: StoredIntegers

  /// Opens the named array, or else `predictions`; nil if none is named and there is no such array.
  ///
  /// Throws ``StreamError`` if a named array is missing, or if the array is not one integer per position.
  init?(_ features: PositionArray, _ options: ReadOptions, positions: Int, from first: Int) throws {
    let name = options.arrays.predictions
    guard let (file, arrays) = features.others else {
      guard name != nil else { return nil }
      throw StreamError(
        .badReference, file: features.file, expected: "a file that names its arrays, because predictions are named",
        found: features.container, advice: "save features and predictions in one HDF5 or safetensors file")
    }
    guard let index = arrays.find(name, ["predictions"]) else {
      guard let name else { return nil }
      throw StreamError(
        .badReference, file: features.file, expected: "predictions named “\(name)”", found: arrays.held,
        advice: "name the array with --predictions")
    }
    let array = try file.array(arrays.candidates[index].path)
    guard let type = array.elementType, type.isInteger,
      array.shape == features.array.shape.dropLast() || array.shape == [positions]
    else {
      throw StreamError(
        .countMismatch, file: features.file, position: array.position,
        expected: "\(positions) predictions, one integer per position", found: array.summary,
        advice: "save the model's next token for each position of the features")
    }
    let opened = PositionArray(array, of: features)
    let source = try opened.bytes(from: first, indices: array.shape.count, positionBytes: type.width)
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
