import TestSupport
import Testing

@testable import HDF5
@testable import Moments
@testable import Samples
@testable import Support

extension ClassSamples {
  func moments(
    _ scalar: ScalarType, within: WithinScatter = .pooled, workers: WorkerThreads = WorkerThreads(1),
    limit: ResidentLimit? = nil
  ) throws -> ClassMoments {
    let moments = ClassMoments(dimension: dimension, within: within, workers: workers, limit: limit)
    for block in blocks(scalar) { try moments.fold(block) }
    return moments
  }
}

/// Expects two tables of the same samples to agree up to rounding.
func expectClose(_ first: MomentsTable, _ second: MomentsTable, within tolerance: Double) {
  #expect(first.tokens == second.tokens)
  #expect(first.counts == second.counts)
  func compare(_ a: [Double], _ b: [Double]) {
    let scale = b.map { abs($0) }.max() ?? 0
    #expect(zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * scale })
  }
  compare(first.means.elements, second.means.elements)
  #expect(zip(first.m2, second.m2).allSatisfy { abs($0 - $1) <= tolerance * $1 })
  compare(first.withinScatter?.elements ?? [], second.withinScatter?.elements ?? [])
}

/// Copies a state dataset by dataset, with some attributes changed, or left out if nil.
func rewrite(_ path: String, as copy: String, with changes: [String: HDF5Attribute?]) throws {
  let state = try HDF5File(reading: path)
  let file = try HDF5File(writing: copy, for: copy)
  for group in Set(state.datasetPaths().map { $0.split(separator: "/")[0] }) { try file.makeGroup("/" + group) }
  for path in state.datasetPaths() {
    let dataset = try state.dataset(path)
    func copy<Number: BitwiseCopyable>(_ type: HDF5Element, of _: Number.Type) throws {
      try file.makeDataset(path, type, shape: dataset.shape).writeAll(dataset.readAll(type, of: Number.self), type)
    }
    switch dataset.typeName {
    case "int32": try copy(.int32, of: Int32.self)
    case "int64": try copy(.int64, of: Int64.self)
    default: try copy(.float64, of: Double.self)
    }
  }
  for name in state.attributeNames() {
    let value = if let change = changes[name] { change } else { state.attribute(name) }
    if let value { try file.setAttribute(name, value) }
  }
}
