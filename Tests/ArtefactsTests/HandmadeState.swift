import Testing

@testable import HDF5
@testable import Moments
@testable import Storage

/// A state written number by number, following the table of its format, so that it can hold what is never written.
struct HandmadeState {
  var dimension = 2
  var tokens: [Int32] = [3, 7]
  var counts = [2, 3]
  var m2 = [2.0, 6]
  /// [classes × dimension].
  var means: [Double] = [1, 2, 3, 4]
  var lowParts: [Double]?
  /// [classes × dimension].
  var diagonals: [Double]?
  /// [dimension × dimension].
  var scatter: [Double]?
  var vocabulary = 10
  /// The value of the attribute; nil for the sum of the counts.
  var samples: Int?
  var parts = 1
  var digest = "aa"
  /// The value of the attribute; nil for the checksum of everything.
  var checksum: String?

  private var classes: Int { tokens.count }

  private var attributes: [(String, HDF5Attribute)] {
    [
      ("dimension", .int(dimension)), ("vocabulary", .int(vocabulary)), ("vocabulary_given", .int(1)),
      ("classes", .int(classes)), ("samples", .int(samples ?? counts.reduce(0, +))), ("skipped_nonfinite", .int(4)),
      ("features", .text("float16,float32")), ("within", .text(scatter == nil ? "none" : "pooled")),
      ("parts", .int(parts)), ("samples_digest", .text(digest)),
    ]
  }

  /// One checksum of the attributes, one per dataset, and one of their digests.
  var sum: String {
    let said = Checksum()
    for (name, value) in attributes {
      switch value {
      case .int(let number): said.update("\(name)=\(number)\n")
      case .text(let text): said.update("\(name)=\(text)\n")
      }
    }
    let parts = (0..<6).map { _ in Checksum() }
    parts[0].update(tokens)
    parts[1].update(counts)
    parts[2].update(means)
    parts[3].update(lowParts ?? [])
    parts[4].update(m2)
    parts[5].update(scatter ?? [])
    let all = Checksum()
    all.update(([said] + parts).map(\.value).joined())
    if let diagonals {
      let last = Checksum()
      last.update(diagonals)
      all.update(last.value)
    }
    return all.value
  }

  /// Writes it and returns the path.
  @discardableResult
  func write(to path: String) throws -> String {
    let file = try HDF5File(writing: path, for: path)
    func write<Number: BitwiseCopyable>(
      _ name: String, _ numbers: [Number], _ type: HDF5Element, columns: Int? = nil
    ) throws {
      let shape = columns.map { [numbers.count / $0, $0] } ?? [numbers.count]
      try file.makeDataset(name, type, shape: shape).writeAll(numbers, type)
    }
    try file.makeGroup("/classes")
    try write("/classes/token", tokens, .int32)
    try write("/classes/count", counts, .int64)
    try write("/classes/mean", means, .float64, columns: dimension)
    if let lowParts { try write("/classes/mean_carry", lowParts, .float64, columns: dimension) }
    try write("/classes/m2", m2, .float64)
    if let diagonals { try write("/classes/m2_diagonal", diagonals, .float64, columns: dimension) }
    if let scatter {
      try file.makeGroup("/within")
      try write("/within/scatter", scatter, .float64, columns: dimension)
    }
    let own: [(String, HDF5Attribute)] = [
      ("format", .text("collapse-moments")), ("format_version", .int(diagonals == nil ? 1 : 2)),
      ("tool", .text("a hand")),
      ("made_by", .text("accumulate")),
    ]
    for (name, value) in own + attributes { try file.setAttribute(name, value) }
    try file.setAttribute("checksum", .text(checksum ?? sum))
    try file.flush()
    return path
  }
}

/// Expects a ``MomentsError`` about a bad state that contains all these words.
func expectBadState(
  mentioning words: [String], sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) {
  let error = #expect(throws: MomentsError.self, sourceLocation: sourceLocation, performing: body)
  #expect(error?.kind == .badState, sourceLocation: sourceLocation)
  for word in words {
    #expect(error?.description.contains(word) == true, "\(String(describing: error))", sourceLocation: sourceLocation)
  }
}
