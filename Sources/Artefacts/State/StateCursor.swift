import HDF5
import Moments
import Samples

/// A state that is read from its first class to its last, some classes at a time, and is open only meanwhile.
final class StateCursor {
  private let state: StateReader
  private var check: StateCheck

  init(_ state: StateReader) {
    self.state = state
    check = StateCheck(state)
  }

  private var datasets: StateDatasets {
    get throws {
      let datasets = try StateDatasets(HDF5File(reading: state.name), state.header)
      guard datasets.carriesMeans == state.carriesMeans else {
        throw changed("/classes/mean_carry", "as it was at first")
      }
      return datasets
    }
  }

  /// All token ids, ascending.
  func tokens() throws -> [Int32] {
    let tokens = try datasets.tokens(0..<state.classes)
    guard (tokens.first ?? 0) >= 0, zip(tokens, tokens.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw StateFormat.bad(state.name, "/classes/token", "ascending tokens", "others")
    }
    return tokens
  }

  /// Reads the classes that follow, as far as their tokens are among `range`, into `moments`, and returns how many bytes
  /// these are.
  ///
  /// Throws ``MomentsError`` where a token is none of the range's, or ``StateCheck`` refuses the numbers.
  func read(_ range: ArraySlice<Int32>, into moments: RangeMoments) throws -> Int {
    let start = check.classes
    guard let last = range.last, start < state.classes else {
      _ = moments.place([], in: range, carryingMeans: state.carriesMeans)
      return 0
    }
    let datasets = try datasets
    var tokens = try datasets.tokens(start..<min(start + range.count, state.classes))
    tokens.removeLast(tokens.count - (tokens.firstIndex { $0 > last } ?? tokens.count))
    let rows = start..<start + tokens.count
    guard moments.place(tokens, in: range, carryingMeans: state.carriesMeans) else {
      throw changed("class \(start) and those after it", "the tokens that were there at first")
    }
    guard !rows.isEmpty else { return 0 }
    let (counts, m2) = (try datasets.counts(rows), try datasets.squares(rows))
    try datasets.readMeans(rows, into: moments.means) { moments.carries }
    moments.set(counts: counts, m2: m2)
    try check.take(tokens, counts, m2, means: moments.meanElements)
    if state.carriesMeans { check.sums.carries.update(UnsafeRawBufferPointer(moments.carryElements)) }
    return rows.count * state.classBytes
  }

  /// Calls `body` with rows of the scatter, where there is one, some MiB at a time, after the last class; checks that
  /// what was read is the whole state as it was written.
  func finish(scatter body: (_ first: Int, Matrix) throws -> Void) throws {
    try check.finishClasses()
    if state.within != .none {
      let (datasets, dimension) = (try datasets, state.dimension)
      let chunk = MomentsTable.rowsPerRun(dimension: dimension)
      for start in stride(from: 0, to: dimension, by: chunk) {
        guard let rows = try datasets.scatterRows(start..<min(start + chunk, dimension)) else { break }
        check.sums.scatter.update(rows.elements)
        try body(start, rows)
      }
    }
    try check.finish()
  }

  private func changed(_ item: String, _ expected: String) -> MomentsError {
    StateFormat.bad(state.name, item, expected, "others", "leave states alone while they are merged")
  }
}

extension StateReader {
  /// Bytes of a class.
  var classBytes: Int { StateFormat.classBytes(dimension: dimension, carriesMeans: carriesMeans) }

  /// Bytes of all numbers; the file is some KiB larger.
  public var byteCount: Int {
    StateFormat.bytes(dimension: dimension, classes: classes, carriesMeans: carriesMeans, within: within)
  }
}
