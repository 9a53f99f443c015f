@testable import HDF5

/// Copies a state dataset by dataset, with some attributes changed, or left out if nil.
func rewrite(_ path: String, as copy: String, with changes: [String: HDF5Attribute?]) throws {
  let state = try HDF5File(reading: path)
  let file = try HDF5File(writing: copy, for: copy)
  for group in Set(try state.datasetPaths().map { $0.split(separator: "/")[0] }) { try file.makeGroup("/" + group) }
  for path in try state.datasetPaths() {
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
