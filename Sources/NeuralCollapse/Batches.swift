import Samples

/// Checks a caller's batch before anything is folded. Errors name the parameter.
enum Batches {
  /// The token ids of a parameter as int32. Refuses ids below 0, or not below `vocabulary`.
  @_specialize(exported:false,where Label == Int32)
  @_specialize(exported:false,where Label == Int)
  @_specialize(exported:false,where Label == Int64)
  @_specialize(exported:false,where Label == UInt32)
  @_specialize(exported:false,where Label == UInt16)
  static func tokens<Label: BinaryInteger & BitwiseCopyable>(
    _ labels: Span<Label>, _ parameter: String, below vocabulary: Int? = nil
  ) throws(CollapseError) -> [Int32] {
    let limit = min(vocabulary ?? .max, Int(Int32.max) + 1)
    var tokens: [Int32] = []
    tokens.reserveCapacity(labels.count)
    for index in labels.indices {
      let label = labels[index]
      guard let token = Int(exactly: label), token >= 0, token < limit else {
        throw CollapseError(
          .label, parameter, position: "\(parameter)[\(index)]",
          expected: vocabulary.map { "a token id from 0 to \($0 - 1), below the vocabulary" }
            ?? "a token id of at least 0",
          found: "\(label)",
          advice: label < 0 ? "omit samples without a label" : "check the tokenizer that made the labels")
      }
      tokens.append(Int32(truncatingIfNeeded: token))
    }
    return tokens
  }

  /// d of the rows, as given or from the counts.
  static func dimension(of features: Int, _ given: Int?, labels: Int) throws(CollapseError) -> Int {
    let rest = given.map { features % $0 } ?? (labels > 0 ? features % labels : features)
    let dimension = given ?? (labels > 0 ? features / labels : 0)
    guard rest == 0, features == labels * dimension else {
      let counts = "labels.count is \(labels), features.count \(features)"
      guard let given else {
        throw CollapseError(
          .size, "features", expected: "n × d features for n labels",
          found: "\(counts) is not a multiple of labels.count",
          advice: "give every label a row of d features, row-major")
      }
      throw CollapseError(
        .size, "features", expected: "\(labels) × \(given) features, a row of \(given) for each label",
        found: rest == 0 ? counts : "\(counts) is not a multiple of dimension \(given)",
        advice: "give every label a row of \(given) features, row-major")
    }
    guard labels == 0 || (1...Block.maximumDimension).contains(dimension) else {
      throw badDimension(dimension)
    }
    return dimension
  }

  static func badDimension(_ dimension: Int) -> CollapseError {
    CollapseError(
      .dimension, "dimension", expected: "1 to \(Block.maximumDimension) features per row",
      found: "\(dimension)",
      advice: "check that features are [n × d], row-major")
  }

  /// Refuses features whose dimension differs from earlier ones.
  static func check(_ dimension: Int, fits first: Int?) throws(CollapseError) {
    guard let first, first != dimension else { return }
    throw CollapseError(
      .dimension, "features", expected: "features of dimension \(first)", found: "dimension \(dimension)",
      advice: "fold the features of only one model and layer")
  }
}
