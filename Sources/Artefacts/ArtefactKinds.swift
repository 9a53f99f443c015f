import HDF5
import Storage
import Support

/// A kind of file that stages pass to each other. ``ArtefactKinds`` lists the reader of each.
protocol ArtefactKind: SendableMetatype {
  /// Whether a file with this start is of the kind.
  static func recognizes(_ start: ArtefactStart) -> Bool
  /// Opens a file. Throws an error that says how it is damaged.
  init(_ name: String) throws
  /// Opens a file to say what it holds, even if there is nothing in it to compute with.
  init(inspecting name: String) throws
  /// The file's contents, for people.
  var facts: [(String, JSONValue)] { get }
}

extension ArtefactKind {
  init(inspecting name: String) throws { try self.init(name) }
}

/// The start of a file that may be an artefact.
struct ArtefactStart {
  let name: String
  /// The first bytes.
  let bytes: [UInt8]
  /// The open file, if it is HDF5.
  let hdf5: HDF5File?

  private static let length = 1 << 12

  /// Nil for a pipe, which can be read only once.
  init?(_ name: String) throws {
    guard !FileBytes.isOnce(name) else { return nil }
    self.name = name
    bytes = try FileBytes(name: name).peek(Self.length)
    hdf5 = try HDF5File(ifAny: name)
  }
}

/// The kinds of files that stages pass to each other.
package enum ArtefactKinds {
  private static let all: [any ArtefactKind.Type] = [
    StateReader.self,
    DecisionsReader.self,
    ClassesReader.self,
    MeasuresReader.self,
    ComparisonReader.self,
  ]

  /// The contents of an artefact; nil if the file is not one.
  package static func facts(of name: String) throws -> [(String, JSONValue)]? {
    guard let start = try ArtefactStart(name) else { return nil }
    return try all.first { $0.recognizes(start) }?.init(inspecting: name).facts
  }
}
