import Storage

/// Chooses the pair of one group of arrays, as ``ArrayMatching`` describes.
struct GroupPair {
  private let members: [Int]
  private let arrays: ArrayMatching
  private let predictions: Int?

  /// - Parameter members: indices of the group's arrays.
  init(_ members: [Int], of arrays: ArrayMatching) {
    (self.members, self.arrays) = (members, arrays)
    let wanted = arrays.names.predictions ?? UsualNames.predictions[0]
    predictions = members.first { arrays.isNamed($0, wanted) }
  }

  /// Nil for a group without labels and features. Throws ``StreamError`` if one of them is missing, or if names do not
  /// tell which array is which.
  func pair() throws -> ArrayMatching.Pair? {
    let features = try features()
    if let name = arrays.names.labels {
      return try complete(members.first { arrays.isNamed($0, name) }, features, .labels(isNamed: true))
    }
    let labels = try only(integers(UsualNames.labels), "labels")
    let tokens = try only(integers(UsualNames.tokens), "tokens")
    guard let features else { return try complete(labels ?? tokens, nil, .tokens) }
    switch (labels, tokens) {
    case (nil, nil):
      try askAboutOthers(features)
      return try complete(nil, features, .tokens)
    case (nil, let tokens?): return try complete(tokens, features, .tokens)
    case (let labels?, nil):
      try askAboutShape(labels, features)
      return try complete(labels, features, .labels(isNamed: false))
    case (let labels?, let tokens?):
      let positions = positions(features)
      guard arrays.candidates[tokens].count == positions else {
        return try complete(labels, features, .labels(isNamed: false))
      }
      guard arrays.candidates[labels].count == positions else { return try complete(tokens, features, .tokens) }
      return try complete(labels, features, .labelsBeside(tokens: tokens))
    }
  }

  private func complete(_ labels: Int?, _ features: Int?, _ kind: ArrayMatching.Pair.Kind) throws -> ArrayMatching.Pair?
  {
    switch (labels, features) {
    case (nil, nil): return nil
    case (let labels?, nil): throw half(labels, lacks: "features")
    case (nil, let features?): throw half(features, lacks: "labels")
    case (let labels?, let features?):
      return ArrayMatching.Pair(
        labels: labels, predictions: predictions, features: features, kind: kind, mask: mask(features))
    }
  }

  /// The features: by name, by a usual name, or the only floats of two or three indices.
  private func features() throws -> Int? {
    if let name = arrays.names.features { return members.first { arrays.isNamed($0, name) } }
    let usual = members.filter { arrays.isUsual($0, UsualNames.features) }
    let fitting = usual.filter { isFeatures($0) }
    if let chosen = try only(fitting.isEmpty ? usual : fitting, "features") { return chosen }
    let others = arrays.distinct(members.filter { isFeatures($0) })
    return others.count == 1 ? others[0] : nil
  }

  private func isFeatures(_ index: Int) -> Bool {
    let (shape, type) = (arrays.candidates[index].shape, arrays.candidates[index].type)
    return (2...3).contains(UnitAxes.positions(shape).count)
      && (type?.scalar != nil || arrays.uint16IsBFloat16 && type?.isUInt16 == true)
  }

  private func isIntegers(_ index: Int) -> Bool {
    (1...2).contains(UnitAxes.tokens(arrays.candidates[index].shape).count)
      && arrays.candidates[index].type?.isInteger == true
      && index != predictions
  }

  private func integers(_ names: [String]) -> [Int] {
    members.filter { isIntegers($0) && arrays.isUsual($0, names) }
  }

  /// The number of positions of the features: all their elements, without the last index.
  private func positions(_ features: Int) -> Int? {
    ArrayMatching.Candidate(path: "", shape: arrays.candidates[features].shape.dropLast(), type: nil).count
  }

  /// The only one of some arrays; nil if there are none.
  private func only(_ indices: [Int], _ what: String) throws -> Int? {
    let distinct = arrays.distinct(indices)
    guard distinct.count > 1 else { return distinct.first }
    throw StreamError(
      .badOrder, file: arrays.file, expected: "one array named like \(what)", found: words(distinct),
      advice: what == "tokens"
        ? "say which with --tokens, as in --tokens \(reference(distinct[0]))" : "say which with --\(what)")
  }

  private func mask(_ features: Int) -> Int? {
    members.first {
      isIntegers($0) && arrays.isUsual($0, [UsualNames.mask]) && arrays.candidates[$0].count == positions(features)
    }
  }

  private func words(_ indices: [Int]) -> String {
    indices.prefix(12).map { arrays.candidates[$0].words }.joined(separator: ", ")
  }

  private func reference(_ index: Int) -> String { "\(arrays.file)#\(arrays.candidates[index].path)" }

  /// Asks about integers of the right size whose names do not say what they are.
  private func askAboutOthers(_ features: Int) throws {
    let positions = positions(features)
    let others = arrays.distinct(
      members.filter {
        isIntegers($0) && arrays.candidates[$0].count == positions && !arrays.isUsual($0, [UsualNames.mask])
      })
    let flat = others.filter { arrays.candidates[$0].shape.count == 1 }
    guard let first = flat.first ?? others.first else { return }
    let name = flat.count == 1 || others.count == 1 ? arrays.leaf(first) : "one of them"
    let example = "--labels \(arrays.leaf(first)), or --tokens \(reference(first)) with --sequence-length"
    throw question(
      first, found: words(others),
      "is \(name) the label of each row, or the token at each position? say --labels or --tokens"
        + (isIndex(first) ? Self.pandas : ", as in \(example)"))
  }

  private static let pandas = "; here axis1 is the row index of a pandas data frame, so save its columns as arrays"

  /// Whether the array is the row index that pandas stores beside the blocks of a data frame.
  private func isIndex(_ index: Int) -> Bool {
    arrays.leaf(index) == "axis1" && members.contains { arrays.leaf($0) == "block0_values" }
  }

  /// Asks about labels by sequence and position, as models take them: those are not shifted.
  private func askAboutShape(_ labels: Int, _ features: Int) throws {
    let shape = arrays.candidates[labels].shape
    guard shape.count == 2, shape[1] > 1, arrays.candidates[labels].count == positions(features) else { return }
    throw question(
      labels, found: words([labels]),
      "is it the token at each position, as models take labels, or the next token? say --tokens \(reference(labels)), "
        + "or save next tokens with .reshape(-1)")
  }

  private func question(_ index: Int, found: String, _ question: String) -> StreamError {
    StreamError(
      .badOrder, file: arrays.file, position: "“\(arrays.candidates[index].path)”",
      expected: "labels or tokens that can be told apart", found: found, advice: question)
  }

  private func half(_ index: Int, lacks: String) -> StreamError {
    StreamError(
      .badOrder, file: arrays.file, position: "“\(arrays.candidates[index].path)”",
      expected: "\(lacks) in the same group", found: "none",
      advice: "name the arrays with --labels and --features; the file holds \(arrays.held)")
  }
}
