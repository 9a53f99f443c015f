import Streams

/// Where in a stream a run begins to read.
enum StreamStart {
  case beginning
  /// Behind a position, where the reader seeks.
  case after(StreamPosition)
  /// Behind a position, up to which the reader has to read again, to see that the stream is the same.
  case again(StreamPosition)

  /// What the rows look like, where that is known from before.
  var shape: StreamShape? {
    switch self {
    case .beginning: nil
    case .after(let position), .again(let position): position.shape
    }
  }

  /// - Parameters:
  ///   - positions: where each of the stream's consumers goes on; nil for one that has nothing yet.
  ///   - then: the inputs as they were when these were reached.
  init(_ positions: [StreamPosition?], _ inputs: InputStamps, then: InputStamps?) {
    let known = positions.compactMap(\.self)
    guard known.count == positions.count, let first = known.min(by: { $0.rows < $1.rows }), let then else {
      self = .beginning
      return
    }
    self = inputs.areUntouched(since: then, first: first.inputsUsed) ? .after(first) : .again(first)
  }
}
