import Formats

/// Where a run starts to read a stream.
enum StreamStart {
  case beginning
  /// After a position; the reader seeks to it.
  case after(StreamPosition)
  /// After a position; the reader reads up to it again, to check that the stream is the same.
  case again(StreamPosition)

  /// The position, unless at the beginning.
  var position: StreamPosition? {
    switch self {
    case .beginning: nil
    case .after(let position), .again(let position): position
    }
  }

  /// - Parameters:
  ///   - found: the checkpoint of each consumer; nil for one without. The one furthest behind decides where to start,
  ///     and what the inputs were then.
  /// - Throws: `StreamError` if two consumers stopped at the same row after different samples. One that is further
  ///   ahead is checked when the stream reaches it; see ``StreamCheckpoints/hasTaken(_:)``.
  init(_ found: [CheckpointStore.Header?], _ inputs: InputStamps) throws {
    let known = found.compactMap(\.self)
    guard known.count == found.count, let first = known.min(by: { $0.position.rows < $1.position.rows }) else {
      self = .beginning
      return
    }
    for other in known.map(\.position) where other.rows == first.position.rows {
      guard other.hasSamples(of: first.position) else { throw other.mismatch(after: other.rows) }
    }
    let isUntouched = inputs.areUntouched(since: first.inputs, first: first.position.inputsUsed)
    self = isUntouched ? .after(first.position) : .again(first.position)
  }
}
