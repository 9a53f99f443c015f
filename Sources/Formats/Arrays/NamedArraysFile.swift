import Storage
import Support

/// An open file that names its arrays.
protocol NamedArraysFile: AnyObject {
  /// The file as the user named it.
  var name: String { get }
  /// What kind of file it is, in words.
  var container: String { get }
  /// Bytes of the file and its shards.
  var size: Int { get }
  var integrities: [FileIntegrity] { get }
  /// Notes for the user about how the open arrays are read.
  var notes: [String] { get }
  /// Bytes of memory that the open arrays hold, in addition to the read-ahead shared by all inputs.
  var keptBytes: Int { get }

  /// All its arrays, to choose from.
  func matching(_ options: ReadOptions) throws -> ArrayMatching
  /// Opens the array at a path without reading its elements.
  func array(_ path: String) throws -> any StoredArray
  /// Opens the array that holds a classifier or its bias; without a name, the only candidate.
  func matrix(named name: String?, as form: MatrixFile.Form) throws -> ChosenMatrix
  /// A description of its content, for people.
  func facts() throws -> [(String, JSONValue)]
}

extension NamedArraysFile {
  /// Whether one of its arrays may be features, or is named as such: then it is a stream and not token ids alone.
  func holdsFeatures(_ options: ReadOptions) throws -> Bool {
    let bits = options.uint16IsBFloat16
    return try options.arrays.features != nil
      || matching(options).candidates.contains { array in
        array.shape.count > 1 && (array.type?.scalar != nil || bits && array.type?.isUInt16 == true)
      }
  }

  var notes: [String] { [] }
  var keptBytes: Int { 0 }

  func matrix(named name: String?, as form: MatrixFile.Form) throws -> ChosenMatrix {
    let arrays = try matching(ReadOptions())
    let what = form == .matrix ? "matrix" : "vector"
    let index = try arrays.one("a \(what) of floats", named: name, advice: "name one after #") {
      $0.shape.count == (form == .matrix ? 2 : 1) && $0.type?.scalar != nil
    }
    return ChosenMatrix(
      array: try array(arrays.candidates[index].path), words: name == nil ? "the only \(what)" : nil)
  }

  func facts() throws -> [(String, JSONValue)] {
    let arrays = try matching(ReadOptions()).candidates
    return [("arrays", .object(arrays.map { .init($0.path, .string("\($0.type?.name ?? "other") \($0.shape)")) }))]
  }
}
