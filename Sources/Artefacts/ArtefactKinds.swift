import HDF5
import Storage
import Support

/// A kind of file that stages make for each other. Its reader is its entry in the list of ``ArtefactKinds``.
protocol ArtefactKind: SendableMetatype {
  /// Whether a file that begins so is one.
  static func recognizes(_ start: ArtefactStart) -> Bool
  /// Opens a file. Throws an error that says how it is damaged.
  init(_ name: String) throws
  /// What it holds, for people.
  var facts: [(String, JSONValue)] { get }
}

/// How a file begins that may be an artefact.
struct ArtefactStart {
  let name: String
  /// The first of its bytes.
  let bytes: [UInt8]
  /// The file, where it is HDF5.
  let hdf5: HDF5File?

  private static let length = 1 << 12

  /// Nil of a pipe, which is read once.
  init?(_ name: String) throws {
    guard !FileBytes.isOnce(name) else { return nil }
    self.name = name
    bytes = try FileBytes(name: name).peek(Self.length)
    hdf5 = try HDF5File(ifAny: name)
  }
}

/// The kinds of files that stages make for each other.
package enum ArtefactKinds {
  private static let all: [any ArtefactKind.Type] = [
    StateReader.self,
    DecisionsReader.self,
    ClassesReader.self,
    MeasuresReader.self,
  ]

  /// What an artefact holds; nil where the file is no artefact.
  package static func facts(of name: String) throws -> [(String, JSONValue)]? {
    guard let start = try ArtefactStart(name) else { return nil }
    return try all.first { $0.recognizes(start) }?.init(name).facts
  }
}
