import Samples
import Storage

/// Features of a stretch of positions, with the next tokens for labels; those without are passed over.
final class PairedBatch: StreamBatch {
  let rows: Int
  let dimension: Int
  let scalar: ScalarType
  let typeNames: (labels: String, features: String)
  let firstRow: Int
  let start: (mark: ByteMark?, offset: Int)
  private(set) var done = 0

  private let stretch: TokenPairs.Stretch
  /// One for each label.
  private let predictions: [Int32]?
  private let features: PositionFeatures
  /// The run being read, and how many of its positions were.
  private var place = (run: 0, position: 0)

  init(
    _ stretch: TokenPairs.Stretch, predictions: [Int32]?, features: PositionFeatures, tokens: ElementType,
    firstRow: Int, mark: ByteMark?
  ) {
    (self.stretch, self.predictions, self.features, self.firstRow) = (stretch, predictions, features, firstRow)
    (rows, dimension, scalar) = (stretch.labels.count, features.dimension, features.scalar)
    typeNames = (tokens.name, features.type.name)
    start = (mark, stretch.positions.lowerBound)
  }

  var hasPredictions: Bool { predictions != nil }

  func skipFirst(_ count: Int) throws {
    var left = count
    while left > 0 { left -= advance(left).positions.count }
    done = count
  }

  /// Takes up to `count` positions of the run being read.
  private func advance(_ count: Int) -> TokenPairs.Stretch.Run {
    let run = stretch.runs[place.run]
    let (first, end) = (run.positions.lowerBound + place.position, run.positions.upperBound)
    let positions = first..<min(first + count, end)
    place = positions.upperBound == end ? (place.run + 1, 0) : (place.run, place.position + positions.count)
    return TokenPairs.Stretch.Run(positions: positions, sequence: run.sequence)
  }

  func read(_ count: Int, into builder: borrowing BlockBuilder) throws {
    var wanted: [TokenPairs.Stretch.Run] = []
    var left = count
    while left > 0 {
      let run = advance(left)
      left -= run.positions.count
      wanted.append(run)
    }
    // Few positions of many are copied: what is lent keeps all of its neighbours in memory.
    let lends = rows >= stretch.positions.count / 4
    try features.read(wanted, lends: lends, into: builder) { positions in
      let target = builder.next(positions)
      for row in 0..<positions {
        target.labels[row] = stretch.labels[done + row]
        target.predictions[row] = predictions?[done + row] ?? Block.noPrediction
      }
      if predictions != nil { builder.carryPredictions() }
      done += positions
    }
  }

  func scanLabels(_ body: (UnsafeBufferPointer<Int32>) -> Void) throws {
    stretch.labels.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[done...])) }
    done = rows
  }
}
