import Artefacts
import Deciding
import Formats
import Geometry
import Moments
import Samples
import Storage
import Support

/// The output head of a model: d weights w_c for each of the V token ids, and optionally a bias b_c.
public struct Classifier: Sendable {
  private enum Source {
    /// Read whenever it is used.
    case file(ClassifierFile)
    case memory(Deciding.Classifier, ClassifierIdentity)
  }

  private let source: Source

  /// A classifier in a file. Checks its shape now, and reads its weights when they are needed.
  ///
  /// - Parameters:
  ///   - file: `model.safetensors#lm_head.weight`, `heads.h5#dataset` or `head.npy`, [V × d] row-major. For safetensors
  ///     the name may be omitted: the output head is found, or the input embedding if they are tied. For a sharded
  ///     model, give its `model.safetensors.index.json`.
  ///   - bias: a vector of V numbers, given in the same way.
  /// - Throws: ``CollapseError`` of kind `missingFile`, `badFile` or `size`.
  public init(_ file: String, bias: String? = nil) throws(CollapseError) {
    source = .file(try CollapseError.wrapping { try ClassifierFile(file, bias: bias) })
  }

  /// A classifier in memory.
  ///
  /// - Parameters:
  ///   - weights: [V × d], row-major: the d weights of token 0, then those of token 1, and so on.
  ///   - dimension: d.
  ///   - bias: V numbers; by default no bias.
  /// - Throws: ``CollapseError`` of kind `size`, `dimension`, or `outOfRange` (a number that is not finite or beyond
  ///   1e75).
  public init<Element: FeatureElement>(
    weights: Span<Element>, dimension: Int, bias: [Element]? = nil
  ) throws(CollapseError) {
    guard (1...Block.maximumDimension).contains(dimension) else { throw Batches.badDimension(dimension) }
    guard weights.count > 0, weights.count % dimension == 0, weights.count / dimension <= Int(Int32.max) else {
      throw CollapseError(
        .size, "weights", expected: "V × \(dimension) weights, a row for each token id",
        found: "weights.count is \(weights.count), dimension \(dimension)",
        advice: "give a row of d weights for each token")
    }
    let rows = weights.count / dimension
    if let bias, bias.count != rows {
      throw CollapseError(
        .size, "bias", expected: "\(rows) numbers, one for each row of weights", found: "\(bias.count)",
        advice: "give the bias that belongs to the weights")
    }
    if let bias, let row = bias.firstIndex(where: { !(Double($0).magnitude < 1e75) }) {
      throw CollapseError(
        .outOfRange, "bias", position: "bias[\(row)]", expected: "a number below 1e75", found: "\(bias[row])",
        advice: "use the bias of a model whose training did not diverge")
    }
    let numbers = bias?.map { Double($0) }
    source = try CollapseError.wrapping {
      let digest = ClassifierDigest()
      var classifier = Deciding.Classifier(dimension: dimension, rows: rows, bias: numbers)
      try weights.withUnsafeBufferPointer { weights in
        guard let start = UnsafeRawPointer(weights.baseAddress) else { return }
        let scalar = Element.featureType.scalar
        let atOnce = max(1, (1 << 20) / dimension)
        for first in stride(from: 0, to: rows, by: atOnce) {
          let count = min(atOnce, rows - first)
          let matrix = try Matrix(rows: count, columns: dimension) { out in
            guard let out = out.baseAddress else { return }
            scalar.widen(start + first * dimension * scalar.byteCount, count: count * dimension, into: out)
          }
          digest.update(matrix)
          try ErrorInFile.naming("weights") { try classifier.append(matrix) }
        }
      }
      return .memory(classifier, digest.finish(bias: numbers))
    }
  }

  /// A classifier in memory, given as an array.
  public init<Element: FeatureElement>(
    weights: [Element], dimension: Int, bias: [Element]? = nil
  ) throws(CollapseError) {
    try self.init(weights: weights.span, dimension: dimension, bias: bias)
  }

  /// Which arrays of the file were chosen, in words, and whether the head is the input embedding; nil in memory.
  public var choice: String? {
    guard case .file(let file) = source else { return nil }
    return file.choice
  }

  /// V, the number of token ids.
  public var rows: Int {
    switch source {
    case .file(let file): file.rows
    case .memory(let classifier, _): classifier.rows
    }
  }

  /// d, the number of weights of a token id.
  public var dimension: Int {
    switch source {
    case .file(let file): file.dimension
    case .memory(let classifier, _): classifier.dimension
    }
  }

  /// The rows of the selected classes, [K × d], and the identity of the whole head.
  func rows(of selection: ClassSelection) throws -> (rows: Matrix, digest: String) {
    switch source {
    case .file(let file): return try file.rows(of: selection)
    case .memory(let classifier, let identity):
      try ErrorInFile.naming("classifier") {
        try selection.checkHead(rows: classifier.rows, columns: classifier.dimension)
      }
      return (try classifier.rows(of: selection.tokens), identity.head)
    }
  }

  /// The whole classifier and its identity, checked against a state.
  func whole(for state: HeldState) throws -> (classifier: Deciding.Classifier, identity: ClassifierIdentity) {
    switch source {
    case .memory(let classifier, let identity): return (classifier, identity)
    case .file(let file):
      try file.check(dimension: state.table.dimension, vocabulary: state.provenance.vocabulary)
      return try file.read()
    }
  }
}
