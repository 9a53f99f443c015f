import Artefacts
import Engine
import Formats
import Storage
import Support

/// The contents of a file, as facts in order.
package struct Inspection: Sendable {
  let facts: [(name: String, value: JSONValue)]

  /// One object, with a member per fact.
  package var json: JSONValue { .object(facts.map { .init($0.name, $0.value) }) }

  /// One line per fact, for a terminal, by ``VisibleText``.
  package var text: String {
    let width = facts.map(\.name.count).max() ?? 0
    return facts.map { name, value in
      let label = name.replacing("_", with: " ")
      return label + String(repeating: " ", count: width - name.count + 2) + VisibleText.line(Self.plain(value)) + "\n"
    }.joined()
  }

  private static func plain(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): text
    case .integer(let number): "\(number)"
    case .number(let number): "\(number)"
    case .boolean(let flag): flag ? "yes" : "no"
    case .array(let elements): elements.map(plain).joined(separator: ", ")
    case .object(let members): members.map { "\($0.key) \(plain($0.value))" }.joined(separator: "; ")
    case .null: "–"
    }
  }
}

/// Says what any input or state file holds, without reading it whole if the format allows.
package actor Inspector {
  private let executor = DedicatedExecutor("inspect")

  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  package init() {}

  /// Throws `StreamError` or ``MomentsError`` if the file is damaged or has an unknown format.
  ///
  /// - Parameters:
  ///   - width: the integer type of a raw file of token ids.
  ///   - isRaw: whether the file is raw, whatever it starts with.
  ///   - progress: receives the bytes of a stream read so far, after each batch.
  package func inspect(
    _ name: String, options: ReadOptions = ReadOptions(), width: TokenWidth? = nil, isRaw: Bool = false,
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws -> Inspection {
    let tokens = try width.map { try PositionOverview(tokens: name, width: $0, isRaw: isRaw).facts }
    return Inspection(facts: [("file", .string(name))] + (try tokens ?? facts(name, options, progress)))
  }

  private func facts(
    _ name: String, _ options: ReadOptions, _ progress: @escaping (Int) -> Void
  ) throws -> [(String, JSONValue)] {
    if let facts = try ArtefactKinds.facts(of: name) { return facts }
    guard let arrays = try Formats.arrays(of: name) else {
      do {
        return facts(try StreamOverview(name, options: options, progress: checked(progress)))
      } catch let error as StreamError where [.badOrder, .badShape, .truncated].contains(error.kind) {
        return try array(name, orThrow: error)
      }
    }
    do {
      return facts(try arrays.overview(options, progress: checked(progress))) + (try arrays.facts())
    } catch let error as StreamError
      where [.badOrder, .badShape, .countMismatch, .unsupportedType].contains(error.kind)
    {
      return try [("kind", .string(arrays.container))] + arrays.facts()
    }
  }

  /// A single array: a matrix, such as a classifier saved as NPY, or token ids or features by position.
  private func array(_ name: String, orThrow error: StreamError) throws -> [(String, JSONValue)] {
    guard try Formats.access(to: name) != .once else { throw error }
    if let matrix = try Trial.result({ try MatrixFile(head: TensorReference(name), dimension: 0, rows: .tokens) }) {
      return [
        ("kind", "matrix (NPY)"), ("type", .string(matrix.typeName)), ("rows", .integer(matrix.rows)),
        ("columns", .integer(matrix.columns)),
      ]
    }
    let overview =
      try Trial.result { try PositionOverview(tokens: name, width: nil) }
      ?? Trial.result { try PositionOverview(features: name) }
    guard let overview else { throw error }
    return overview.facts
  }

  /// Also checks for cancellation.
  private func checked(_ progress: @escaping (Int) -> Void) -> (Int) throws -> Void {
    {
      progress($0)
      try Task.checkCancellation()
    }
  }

  private func facts(_ overview: StreamOverview) -> [(String, JSONValue)] {
    [
      ("kind", .string("embedding stream (\(overview.container))")),
      ("bytes", .integer(overview.bytes)),
      ("decoded_bytes", overview.decodedBytes.map { .integer($0) } ?? .null),
      ("rows", .integer(overview.rows)),
      ("dimension", .integer(overview.dimension)),
      ("labels", .array(overview.labelTypes.map { .string($0) })),
      ("features", .array(overview.featureTypes.map { .string($0) })),
      ("choices", .array(overview.choices.map { .string($0) })),
      ("predictions", .boolean(overview.batchesWithPredictions > 0)),
      ("batches", .integer(overview.batches)),
      ("smallest_batch", .integer(overview.batches > 0 ? overview.batchRows.smallest : 0)),
      ("largest_batch", .integer(overview.batchRows.largest)),
      ("classes", .integer(overview.classes)),
      ("smallest_token", overview.tokenRange.map { .integer(Int($0.lowerBound)) } ?? .null),
      ("largest_token", overview.tokenRange.map { .integer(Int($0.upperBound)) } ?? .null),
    ]
  }
}
