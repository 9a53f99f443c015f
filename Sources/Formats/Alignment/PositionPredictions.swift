import Storage
import Support

/// The model's own next tokens by position, in the file of the features, read in order.
final class PositionPredictions {
  private let integers: StoredIntegers

  /// Opens the array that is named so, or `predictions`; nil where there is none, or the file names no arrays.
  ///
  /// Throws ``StreamError`` where it is no integer for each position.
  init?(_ features: PositionArray, _ options: ReadOptions, positions: Int, from first: Int) throws {
    let name = options.arrays.predictions
    guard let file = features.others else {
      guard name != nil else { return nil }
      throw StreamError(
        .badReference,
        Diagnosis(
          file: features.file, expected: "a file that names its arrays, where predictions are named",
          found: features.container, advice: "put features and predictions into an HDF5 or a safetensors file"))
    }
    guard let index = file.pairing.find(name, ["predictions"]) else {
      guard let name else { return nil }
      throw StreamError(
        .badReference,
        Diagnosis(
          file: features.file, expected: "predictions named “\(name)”", found: file.pairing.held,
          advice: "say which array they are with --predictions"))
    }
    let array = try file.array(index)
    guard let type = array.elementType, type.isInteger,
      array.shape == features.array.shape.dropLast() || array.shape == [positions]
    else {
      throw StreamError(
        .countMismatch,
        Diagnosis(
          file: features.file, position: array.position, expected: "\(positions) predictions, an integer a position",
          found: array.summary, advice: "save the model's next token for each position of the features"))
    }
    let opened = PositionArray(array, of: features)
    let source = try opened.bytes(from: first, indices: array.shape.count, positionBytes: type.width)
    integers = StoredIntegers(source, name: features.file, type: type, count: positions - first)
  }

  /// Those of the positions of a stretch that have labels; the stretch is the one that comes next.
  func read(_ stretch: TokenPairs.Stretch) throws -> [Int32] {
    var all = [Int64](repeating: 0, count: stretch.positions.count)
    _ = try all.withUnsafeMutableBufferPointer { try integers.read(into: $0) }
    var chosen: [Int32] = []
    chosen.reserveCapacity(stretch.labels.count)
    for position in stretch.runs.lazy.flatMap(\.positions) {
      let value = all[position - stretch.positions.lowerBound]
      guard value >= 0, value < TokenColumn.bound else {
        throw StreamError(
          .badLabel,
          Diagnosis(
            file: integers.name, position: "position \(position)",
            expected: "a prediction of at least 0 and below \(TokenColumn.bound)", found: "\(value)",
            advice: "save a prediction for each position that has a next token"))
      }
      chosen.append(Int32(truncatingIfNeeded: value))
    }
    return chosen
  }
}
