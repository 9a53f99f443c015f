import Geometry
import HDF5
import Storage
import Support

/// The format of a decisions file: an HDF5 file of what two deciders chose, by ascending token id.
///
/// | object | what |
/// | --- | --- |
/// | `/classes/token` [C] int32 | the classes that the samples are of |
/// | `/classes/samples` [C] int64 | samples of each |
/// | `/classes/hits` [C] int64 | those on which the deciders agree |
/// | `/classes/model_correct`, `/classes/ncc_correct`, `/classes/both_correct` [C] int64 | those where they are right |
/// | `/confusion/model`, `/confusion/ncc` [P] int32 | pairs of choices, in ascending order |
/// | `/confusion/count` [P] int64 | samples of each pair |
///
/// Attributes of the root: `format`, `format_version`, `tool`, `made_by`, `samples`, `other_pairs` (samples of pairs that
/// found no room), `dimension`, `K`, `vocabulary`, `skipped_nonfinite`, `features`, `parts`, `samples_digest`,
/// `moments_checksum`, `classifier_checksum` (or `predictions`), and `checksum` over all of the numbers and the attributes
/// from `samples` on. The same decisions give the same bytes.
enum DecisionsFormat {
  static let name = "collapse-decisions"
  static let version = 1

  /// Columns of counts, in the order of the format.
  static var columns: [(path: String, count: WritableKeyPath<Decisions.Counts, Int>)] {
    [
      ("/classes/samples", \.samples), ("/classes/hits", \.hits), ("/classes/model_correct", \.modelCorrect),
      ("/classes/ncc_correct", \.nearestCorrect), ("/classes/both_correct", \.bothCorrect),
    ]
  }
}

/// What was decided by what: the attributes of a decisions file that its checksum covers, besides the counts' own.
public struct DecisionsProvenance: Sendable, Equatable {
  /// The verb: `decide` or `merge`.
  public var madeBy: String
  /// d.
  public var dimension: Int
  /// K, the class means that the nearest one was chosen from.
  public var classes: Int
  /// V, the rows of the classifier; where predictions were used, that of the moments.
  public var vocabulary: Int
  /// Rows left out for a NaN or an infinite feature.
  public var skipped: Int
  /// Storage types of the features, in order of appearance.
  public var features: [String]
  /// Streams decided, or files merged.
  public var parts: Int
  /// Identity of the samples, as a state has it.
  public var samplesDigest: String
  /// The checksum of the state whose means were chosen from.
  public var momentsChecksum: String
  /// The checksum of the classifier and its bias, or ``predictions``.
  public var classifierChecksum: String

  /// Stands for a classifier where the model's choices came with the samples.
  public static let predictions = "predictions"

  public init(
    madeBy: String, dimension: Int, classes: Int, vocabulary: Int, skipped: Int, features: [String], parts: Int,
    samplesDigest: String, momentsChecksum: String, classifierChecksum: String
  ) {
    self.madeBy = madeBy
    self.dimension = dimension
    self.classes = classes
    self.vocabulary = vocabulary
    self.skipped = skipped
    self.features = features
    self.parts = parts
    self.samplesDigest = samplesDigest
    self.momentsChecksum = momentsChecksum
    self.classifierChecksum = classifierChecksum
  }

  /// By name, in the order of the format.
  func attributes(_ decisions: Decisions) -> [(name: String, value: HDF5Attribute)] {
    [
      ("samples", .int(decisions.totals().samples)),
      ("other_pairs", .int(decisions.otherPairs)),
      ("dimension", .int(dimension)),
      ("K", .int(classes)),
      ("vocabulary", .int(vocabulary)),
      ("skipped_nonfinite", .int(skipped)),
      ("features", .text(features.joined(separator: ","))),
      ("parts", .int(parts)),
      ("samples_digest", .text(samplesDigest)),
      ("moments_checksum", .text(momentsChecksum)),
      ("classifier_checksum", .text(classifierChecksum)),
    ]
  }
}

/// Decisions as columns, in the order of the format.
struct DecisionsColumns {
  let tokens: [Int32]
  /// Of ``DecisionsFormat/columns``.
  let counts: [[Int]]
  let pairs: [Decisions.Pair]
  let pairCounts: [Int]

  init(_ decisions: Decisions) {
    let classes = decisions.classes.sorted { $0.key < $1.key }
    tokens = classes.map(\.key)
    counts = DecisionsFormat.columns.map { column in classes.map { $0.value[keyPath: column.count] } }
    let confusion = decisions.confusion.sorted { $0.key < $1.key }
    (pairs, pairCounts) = (confusion.map(\.key), confusion.map(\.value))
  }

  /// The checksum of the numbers and of the attributes that belong to them.
  func checksum(_ attributes: [(name: String, value: HDF5Attribute)]) -> String {
    let sum = Checksum()
    for (name, value) in attributes {
      switch value {
      case .int(let number): sum.update("\(name)=\(number)\n")
      case .text(let text): sum.update("\(name)=\(text)\n")
      }
    }
    sum.update(tokens)
    for column in counts { sum.update(column) }
    sum.update(pairs.map(\.model))
    sum.update(pairs.map(\.nearest))
    sum.update(pairCounts)
    return sum.value
  }
}

extension Decisions {
  /// Writes the decisions to `path`, whole or not at all; see ``DecisionsFormat`` for what the file holds.
  ///
  /// Throws `StreamError` where the file cannot be written.
  public func write(to path: String, _ provenance: DecisionsProvenance) throws {
    let columns = DecisionsColumns(self)
    try AtomicFile.write(path) { temporary in
      let file = try HDF5File(writing: temporary, for: path)
      func write<Number: BitwiseCopyable>(_ path: String, _ numbers: [Number], _ type: HDF5Element) throws {
        try file.makeDataset(path, type, shape: [numbers.count]).writeAll(numbers, type)
      }
      try file.makeGroup("/classes")
      try write("/classes/token", columns.tokens, .int32)
      for (column, counts) in zip(DecisionsFormat.columns, columns.counts) {
        try write(column.path, counts, .int64)
      }
      try file.makeGroup("/confusion")
      try write("/confusion/model", columns.pairs.map(\.model), .int32)
      try write("/confusion/ncc", columns.pairs.map(\.nearest), .int32)
      try write("/confusion/count", columns.pairCounts, .int64)
      let attributes = provenance.attributes(self)
      let own: [(String, HDF5Attribute)] = [
        ("format", .text(DecisionsFormat.name)),
        ("format_version", .int(DecisionsFormat.version)),
        ("tool", .text("collapse \(collapseVersion)")),
        ("made_by", .text(provenance.madeBy)),
      ]
      for (name, value) in own + attributes { try file.setAttribute(name, value) }
      try file.setAttribute("checksum", .text(columns.checksum(attributes)))
      try file.flush()
    }
  }
}
