import Artefacts
import Engine
import Formats
import HDF5
import Storage
import Support

/// What a file holds, as facts in order.
public struct Inspection: Sendable {
  let facts: [(name: String, value: JSONValue)]

  /// One object, a member a fact.
  public var json: JSONValue { .object(facts.map { .init($0.name, $0.value) }) }

  /// A line a fact, for a terminal.
  public var text: String {
    let width = facts.map(\.name.count).max() ?? 0
    return facts.map { name, value in
      let label = name.replacing("_", with: " ")
      return label + String(repeating: " ", count: width - name.count + 2) + Self.plain(value) + "\n"
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

/// Says what any input or state file holds, without reading it whole where the format allows.
public actor Inspector {
  private let executor = DedicatedExecutor("inspect")

  public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  public init() {}

  /// Throws `StreamError` or ``MomentsError`` where the file is none that the project reads, or is damaged.
  ///
  /// - Parameter width: of the integers of a file that holds nothing else.
  public func inspect(
    _ name: String, options: ReadOptions = ReadOptions(), width: TokenWidth? = nil
  ) throws -> Inspection {
    if let width {
      return Inspection(facts: [("file", .string(name))] + (try PositionCensus(tokens: name, width: width).facts))
    }
    if name == "-" { return try stream(name, options) }
    let facts: [(String, JSONValue)]
    switch try FileKind.of(name) {
    case .npy, .zstd: return try array(name, options)
    case .pipe: return try stream(name, options)
    case .hdf5:
      let file = try HDF5File(reading: name)
      facts =
        file.attribute("format") == .text("collapse-moments")
        ? try state(name)
        : DecisionsReader.recognizes(file)
          ? try decisions(name)
          : try streamOrNot(name, "HDF5", options) + datasets(file)
    case .other: facts = try tensors(name, options)
    }
    return Inspection(facts: [("file", .string(name))] + facts)
  }

  /// A stream; or a lone array: a matrix, such as a classifier saved as NPY, or token ids or features by position.
  private func array(_ name: String, _ options: ReadOptions) throws -> Inspection {
    do {
      return try stream(name, options)
    } catch let error as StreamError where [.badOrder, .badShape, .truncated].contains(error.kind) {
      if let matrix = try? MatrixFile(TensorReference(name)) {
        return Inspection(facts: [
          ("file", .string(name)), ("kind", "matrix (NPY)"), ("type", .string(matrix.typeName)),
          ("rows", .integer(matrix.rows)), ("columns", .integer(matrix.columns)),
        ])
      }
      guard
        let census = (try? PositionCensus(tokens: name, width: nil)) ?? (try? PositionCensus(features: name))
      else { throw error }
      return Inspection(facts: [("file", .string(name))] + census.facts)
    }
  }

  private func stream(_ name: String, _ options: ReadOptions) throws -> Inspection {
    Inspection(facts: [("file", .string(name))] + (try census(name, options)))
  }

  private func census(_ name: String, _ options: ReadOptions) throws -> [(String, JSONValue)] {
    let census = try StreamCensus(name, options: options) { _ in try Task.checkCancellation() }
    return [
      ("kind", .string("embedding stream (\(census.container))")),
      ("bytes", .integer(census.bytes)),
      ("decoded_bytes", census.decodedBytes.map { .integer($0) } ?? .null),
      ("rows", .integer(census.rows)),
      ("dimension", .integer(census.dimension)),
      ("labels", .array(census.labelTypes.map { .string($0) })),
      ("features", .array(census.featureTypes.map { .string($0) })),
      ("predictions", .boolean(census.batchesWithPredictions > 0)),
      ("batches", .integer(census.batches)),
      ("smallest_batch", .integer(census.batches > 0 ? census.batchRows.smallest : 0)),
      ("largest_batch", .integer(census.batchRows.largest)),
      ("classes", .integer(census.classes)),
      ("smallest_token", census.tokenRange.map { .integer(Int($0.lowerBound)) } ?? .null),
      ("largest_token", census.tokenRange.map { .integer(Int($0.upperBound)) } ?? .null),
    ]
  }

  private func state(_ name: String) throws -> [(String, JSONValue)] {
    let state = try StateReader(name)
    let made = state.provenance
    return [
      ("kind", "moments"),
      ("made_by", .string(made.madeBy)),
      ("tool", .string(state.tool)),
      ("samples", .integer(state.samples)),
      ("classes", .integer(state.classes)),
      ("dimension", .integer(state.dimension)),
      ("vocabulary", .integer(made.vocabulary)),
      ("vocabulary_given", .boolean(made.vocabularyWasGiven)),
      ("within", .string(state.within.rawValue)),
      ("features", .array(made.features.map { .string($0) })),
      ("skipped_nonfinite", .integer(made.skipped)),
      ("parts", .integer(made.parts)),
      ("samples_digest", .string(made.samplesDigest)),
      ("checksum", .string(state.checksum)),
    ]
  }

  private func decisions(_ name: String) throws -> [(String, JSONValue)] {
    let file = try DecisionsReader(name)
    let (provenance, totals) = (file.provenance, file.decisions.totals())
    let made = provenance.made
    return [
      ("kind", "decisions"),
      ("made_by", .string(made.madeBy)),
      ("tool", .string(file.tool)),
      ("samples", .integer(totals.samples)),
      ("hits", .integer(totals.hits)),
      ("model_correct", .integer(totals.modelCorrect)),
      ("ncc_correct", .integer(totals.nearestCorrect)),
      ("both_correct", .integer(totals.bothCorrect)),
      ("classes", .integer(file.decisions.classes.count)),
      ("pairs_of_choices", .integer(file.decisions.confusion.count)),
      ("samples_of_other_pairs", .integer(file.decisions.otherPairs)),
      ("dimension", .integer(provenance.dimension)),
      ("class_means", .integer(provenance.classes)),
      ("vocabulary", .integer(made.vocabulary)),
      ("features", .array(made.features.map { .string($0) })),
      ("skipped_nonfinite", .integer(made.skipped)),
      ("parts", .integer(made.parts)),
      ("samples_digest", .string(made.samplesDigest)),
      ("moments_checksum", .string(provenance.momentsChecksum)),
      ("classifier_checksum", .string(provenance.classifierChecksum)),
      ("checksum", .string(file.checksum)),
    ]
  }

  /// What a stream holds, or only what kind of file it is where it has no labels and features.
  private func streamOrNot(_ name: String, _ kind: String, _ options: ReadOptions) throws -> [(String, JSONValue)] {
    do {
      return try census(name, options)
    } catch let error as StreamError
      where [.badOrder, .badShape, .countMismatch, .unsupportedType].contains(error.kind)
    {
      return [("kind", .string(kind))]
    }
  }

  private func datasets(_ file: HDF5File) throws -> [(String, JSONValue)] {
    let datasets: [JSONValue.Member] = try file.datasetPaths().map { path in
      let dataset = try file.dataset(path)
      return .init(path, .string("\(dataset.typeName) \(dataset.shape)"))
    }
    let attributes: [JSONValue.Member] = file.attributeNames().compactMap { name in
      switch file.attribute(name) {
      case .int(let number): .init(name, .integer(number))
      case .text(let text): .init(name, .string(text))
      case nil: nil
      }
    }
    return [("datasets", .object(datasets)), ("attributes", .object(attributes))]
  }

  private func tensors(_ name: String, _ options: ReadOptions) throws -> [(String, JSONValue)] {
    let file = try SafetensorsFile(name)
    return try streamOrNot(name, "safetensors", options) + [
      ("tensors", .object(file.tensors.map { .init($0.name, .string("\($0.typeName) \($0.shape)")) })),
      ("metadata", .object(file.metadata.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })),
    ]
  }
}
