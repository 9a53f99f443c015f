import Storage
import Support

/// A file that names its arrays, opened.
protocol ArraysFile: AnyObject {
  /// As the user named it.
  var name: String { get }
  /// What it is, in words.
  var container: String { get }
  /// Bytes of it and its shards.
  var size: Int { get }
  var integrities: [FileIntegrity] { get }
  /// What the user should know of how the arrays opened so far are read.
  var notes: [String] { get }
  /// Bytes of memory that the arrays opened so far take beside what is read ahead of all inputs.
  var keptBytes: Int { get }

  /// All of its arrays, to choose among.
  func pairing(_ options: ReadOptions) throws -> ArrayPairing
  /// Opens the array of a path, and reads none of its elements.
  func array(_ path: String) throws -> any StoredArray
  /// Opens the array that a classifier is in, or its bias; without a name, the only one that it can be.
  func matrix(named name: String?) throws -> any StoredArray
  /// What it holds, for people.
  func facts() throws -> [(String, JSONValue)]
}

extension ArraysFile {
  var notes: [String] { [] }
  var keptBytes: Int { 0 }

  func matrix(named name: String?) throws -> any StoredArray {
    let arrays = try pairing(ReadOptions())
    let advice = "name one after #"
    let index = try arrays.one("a matrix of floats", named: name, advice: advice) {
      $0.shape.count == 2 && $0.type?.scalar != nil
    }
    return try array(arrays.candidates[index].path)
  }

  func facts() throws -> [(String, JSONValue)] {
    let arrays = try pairing(ReadOptions()).candidates
    return [("arrays", .object(arrays.map { .init($0.path, .string("\($0.type?.name ?? "other") \($0.shape)")) }))]
  }
}
