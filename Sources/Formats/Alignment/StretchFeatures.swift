import Samples
import Storage

/// Features of the labelled positions of a stretch; other positions are skipped.
final class StretchFeatures: FeatureColumn {
  private let stretch: NextTokenLabels.Stretch
  private let features: PositionFeatures
  /// The run being read, and how many of its positions have been read.
  private var place = (run: 0, position: 0)

  init(_ stretch: NextTokenLabels.Stretch, of features: PositionFeatures) {
    (self.stretch, self.features) = (stretch, features)
  }

  var dimension: Int { features.dimension }
  var scalar: ScalarType { features.scalar }
  var type: ElementType { features.type }

  func skipFirst(_ rows: Int) throws { _ = next(rows) }

  func read(_ rows: Range<Int>, into builder: borrowing BlockBuilder, label: (Range<Int>) throws -> Void) throws {
    // A few positions out of many are copied: lending would keep all their neighbours in memory.
    let lends = stretch.labels.count >= stretch.positions.count / 4
    var row = rows.lowerBound
    try features.read(next(rows.count), lends: lends, into: builder) { count in
      try label(row..<row + count)
      row += count
    }
  }

  /// The positions of the next `count` rows.
  private func next(_ count: Int) -> [NextTokenLabels.Stretch.Run] {
    var (wanted, left): ([NextTokenLabels.Stretch.Run], Int) = ([], count)
    while left > 0 {
      let run = stretch.runs[place.run]
      let (first, end) = (run.positions.lowerBound + place.position, run.positions.upperBound)
      let positions = first..<min(first + left, end)
      place = positions.upperBound == end ? (place.run + 1, 0) : (place.run, place.position + positions.count)
      wanted.append(NextTokenLabels.Stretch.Run(positions: positions, sequence: run.sequence))
      left -= positions.count
    }
    return wanted
  }
}

extension Batch {
  /// A batch of the labelled positions of a stretch.
  ///
  /// - Parameters:
  ///   - predictions: one for each label.
  ///   - features: positioned before the stretch.
  ///   - tokens: the type in which token ids are stored.
  convenience init(
    _ stretch: NextTokenLabels.Stretch, predictions: [Int32]?, features: PositionFeatures, tokens: ElementType,
    firstRow: Int, mark: ResumablePosition?
  ) {
    func column(_ ids: [Int32], _ role: String) -> TokenColumn {
      let type = ElementType(kind: .signed, width: 4)
      return TokenColumn(type: type, typeName: tokens.name, role: role, file: "", firstRow: firstRow) { row, raw in
        ids[row...].withUnsafeBytes { raw.copyBytes(from: $0.prefix(raw.count)) }
      }
    }
    self.init(
      rows: stretch.labels.count, labels: column(stretch.labels, "label"),
      predictions: predictions.map { column($0, "prediction") }, features: StretchFeatures(stretch, of: features),
      firstRow: firstRow, start: (mark, stretch.positions.lowerBound))
  }
}
