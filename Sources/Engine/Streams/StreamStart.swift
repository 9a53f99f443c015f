import Formats

/// Where in a stream a run begins to read.
enum StreamStart {
  case beginning
  /// Behind a position, where the reader seeks.
  case after(StreamPosition)
  /// Behind a position, up to which the reader has to read again, to see that the stream is the same.
  case again(StreamPosition)

  /// Where that is, if not at the beginning.
  var position: StreamPosition? {
    switch self {
    case .beginning: nil
    case .after(let position), .again(let position): position
    }
  }

  /// - Parameters:
  ///   - found: what each of the stream's consumers goes on from; nil for one that has nothing yet. The one that is behind
  ///     the others says where to begin, and what the inputs were then.
  /// - Throws: `StreamError` where two of them are as far, and have taken other samples. One that is ahead finds out when the
  ///   stream comes to it; see ``StreamCheckpoints/hasTaken(_:)``.
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
