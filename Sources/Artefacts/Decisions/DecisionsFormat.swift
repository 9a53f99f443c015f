import Deciding
import Geometry
import HDF5
import Storage

/// The format of a decisions file: an HDF5 file of the choices of two deciders, by ascending token id.
///
/// | object | what |
/// | --- | --- |
/// | `/classes/token` [C] int32 | the classes of the samples |
/// | `/classes/samples` [C] int64 | samples of each |
/// | `/classes/hits` [C] int64 | samples on which the deciders agree |
/// | `/classes/model_correct`, `/classes/ncc_correct`, `/classes/both_correct` [C] int64 | samples they get right |
/// | `/confusion/model`, `/confusion/ncc` [P] int32 | pairs of choices, in ascending order |
/// | `/confusion/count` [P] int64 | samples of each pair |
///
/// Attributes of the root: `format`, `format_version`, `tool`, `made_by`, `samples`, `other_pairs` (samples of pairs
/// that did not fit), `dimension`, `K`, `vocabulary`, `skipped_nonfinite`, `features`, `parts`, `samples_digest`,
/// `moments_checksum`, `classifier_checksum` (or `predictions`), `head_digest` (from version 2 on, if the decider is a
/// classifier), `head_rows` (from version 3 on, if the classifier chose among fewer than all of its rows), and `checksum` over all numbers and the attributes from `samples` on. The same decisions give the same
/// bytes.
enum DecisionsFormat {
  static let file = ArtefactFormat(
    name: "collapse-decisions", version: 3, oldest: 1, adviceForOthers: "name a file that decide wrote",
    adviceForDamage: "the file is damaged: copy it again, or decide again")
}

/// The origin of decisions: the attributes of a decisions file that its checksum covers, except those of the counts.
package struct DecisionsProvenance: Sendable, Equatable {
  /// What made the samples and the file.
  package var made: Provenance
  /// d.
  package var dimension: Int
  /// K, the number of class means to choose from.
  package var classes: Int
  /// The checksum of the state that holds the means.
  package var momentsChecksum: String
  /// The checksum of the classifier and its bias, or ``predictions``.
  package var classifierChecksum: String
  /// The identity of the output head alone, without its bias (``ClassifierIdentity``); nil for predictions, and for files of
  /// version 1.
  package var headDigest: String?
  /// The rows of the classifier that it chose from.
  package var headRows = HeadRows.all

  /// Stands for the classifier if the model's choices came with the samples.
  package static let predictions = "predictions"

  package init(
    _ made: Provenance, dimension: Int, classes: Int, momentsChecksum: String, classifierChecksum: String,
    headDigest: String? = nil, headRows: HeadRows = .all
  ) {
    (self.made, self.dimension, self.classes) = (made, dimension, classes)
    (self.momentsChecksum, self.classifierChecksum) = (momentsChecksum, classifierChecksum)
    (self.headDigest, self.headRows) = (headDigest, headRows)
  }

  /// - Parameter classifier: nil if the model's choices came with the samples.
  package init(
    _ made: Provenance, dimension: Int, classes: Int, momentsChecksum: String, classifier: ClassifierIdentity?,
    headRows: HeadRows = .all
  ) {
    self.init(
      made, dimension: dimension, classes: classes, momentsChecksum: momentsChecksum,
      classifierChecksum: classifier?.whole ?? Self.predictions, headDigest: classifier?.head, headRows: headRows)
  }

  /// How the choices of the classifier relate to an output head.
  package enum HeadMatch: Equatable {
    case same, other
    /// The choices came with the samples.
    case predictions
    /// The file has version 1. It has one checksum for head and bias together, which is not that of the head.
    case unknown
  }

  /// Whether an output head made the choices of the classifier.
  package func match(_ head: String) -> HeadMatch {
    if classifierChecksum == Self.predictions { return .predictions }
    if let headDigest { return headDigest == head ? .same : .other }
    return classifierChecksum == head ? .same : .unknown
  }

  /// The head that made the choices, or ``predictions``, as far as it is known.
  ///
  /// - Parameter measured: the head that is measured, if there is one.
  func recordedHead(_ measured: String?) -> String? {
    guard let measured else { return classifierChecksum == Self.predictions ? Self.predictions : headDigest }
    return switch match(measured) {
    case .same: measured
    case .other: headDigest
    case .predictions: Self.predictions
    case .unknown: nil
    }
  }

  /// The checksum recorded in a file of these decisions.
  package func checksum(of decisions: Decisions) -> String {
    DecisionsColumns(decisions).checksum(attributes(decisions))
  }

  /// By name, in the order of the format.
  func attributes(_ decisions: Decisions) -> ArtefactFormat.Attributes {
    let head: ArtefactFormat.Attributes =
      (headDigest.map { [("head_digest", .text($0))] } ?? [])
      + (headRows == .all ? [] : [("head_rows", .text(headRows.rawValue))])
    return [
      ("samples", .int(decisions.totals().samples)),
      ("other_pairs", .int(decisions.otherPairs)),
      ("dimension", .int(dimension)),
      ("K", .int(classes)),
      ("vocabulary", .int(made.vocabulary)),
      ("skipped_nonfinite", .int(made.skipped)),
      ("features", .text(made.features.joined(separator: ","))),
      ("parts", .int(made.parts)),
      ("samples_digest", .text(made.samplesDigest)),
      ("moments_checksum", .text(momentsChecksum)),
      ("classifier_checksum", .text(classifierChecksum)),
    ] + head
  }
}

/// Decisions as columns, in the order of the format.
struct DecisionsColumns {
  let tokens: [Int32]
  /// In the order of ``Decisions/Counts/columns``.
  let counts: [[Int]]
  let pairs: [Decisions.Pair]
  let pairCounts: [Int]

  init(_ decisions: Decisions) {
    let classes = decisions.classes.sorted { $0.key < $1.key }
    tokens = classes.map(\.key)
    counts = Decisions.Counts.columns.map { column in classes.map { $0.value[keyPath: column.count] } }
    let confusion = decisions.confusion.sorted { $0.key < $1.key }
    (pairs, pairCounts) = (confusion.map(\.key), confusion.map(\.value))
  }

  /// The checksum of the numbers and their attributes.
  func checksum(_ attributes: ArtefactFormat.Attributes) -> String {
    let sum = Checksum()
    sum.update(attributes)
    sum.update(tokens)
    for column in counts { sum.update(column) }
    sum.update(pairs.map(\.model))
    sum.update(pairs.map(\.nearest))
    sum.update(pairCounts)
    return sum.value
  }
}

extension Decisions {
  /// Writes the decisions to `path`, completely or not at all; see ``DecisionsFormat`` for the contents.
  ///
  /// Throws `StreamError` if the file cannot be written.
  package func write(to path: String, _ provenance: DecisionsProvenance) throws {
    let columns = DecisionsColumns(self)
    try AtomicFile.write(path) { temporary in
      let file = try HDF5File(writing: temporary, for: path)
      func write<Number: BitwiseCopyable>(_ path: String, _ numbers: [Number], _ type: HDF5Element) throws {
        try file.makeDataset(path, type, shape: [numbers.count]).writeAll(numbers, type)
      }
      try file.makeGroup("/classes")
      try write("/classes/token", columns.tokens, .int32)
      for (column, counts) in zip(Decisions.Counts.columns, columns.counts) {
        try write("/classes/\(column.name)", counts, .int64)
      }
      try file.makeGroup("/confusion")
      try write("/confusion/model", columns.pairs.map(\.model), .int32)
      try write("/confusion/ncc", columns.pairs.map(\.nearest), .int32)
      try write("/confusion/count", columns.pairCounts, .int64)
      let attributes = provenance.attributes(self)
      try DecisionsFormat.file.finish(
        file, provenance.made, attributes, checksum: columns.checksum(attributes))
    }
  }
}
