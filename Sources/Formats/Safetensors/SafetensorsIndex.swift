import Foundation
import Storage
import Support

/// The index of sharded safetensors (`model.safetensors.index.json`): which file in the same folder holds which tensor.
struct SafetensorsIndex {
  let name: String
  /// The shards, sorted by name.
  let files: [String]
  /// Names of tensors, and the shard of each.
  private let places: [(tensor: String, file: String)]

  /// Maximum size of an index, in bytes.
  private static let longest = 100 << 20

  /// Whether a file with this start may be an index, which starts with a brace because it is a JSON object. A
  /// safetensors file whose length starts with that byte has zeros soon after it.
  static func recognizes(_ start: [UInt8]) -> Bool { start.first == UInt8(ascii: "{") && !start.prefix(8).contains(0) }

  /// Reads an index; nil if the file starts like something else. Throws ``StreamError`` if it is damaged.
  init?(ifAny name: String) throws {
    let file = try FileBytes(name: name)
    guard file.size != nil else { return nil }
    guard Self.recognizes(try file.peek(8)) else { return nil }
    func malformed(_ found: String) -> StreamError {
      StreamError(
        .unknownFormat, file: name,
        expected: "a safetensors index: a JSON object whose weight_map maps tensors to files", found: found,
        advice: "name a .safetensors file or its model.safetensors.index.json")
    }
    let bytes = try WholeFile.bytes(name, limit: Self.longest, kind: "an index")
    guard let json = try? JSONValue(parsing: bytes) else { throw malformed("invalid JSON") }
    guard case .object(let members)? = json["weight_map"] else { throw malformed("no weight_map") }
    var seen: Set<[UInt8]> = []
    let folder = AtomicFile.folder(of: name)
    self.name = name
    places = try members.map { member in
      guard case .string(let shard) = member.value, !shard.isEmpty, !shard.contains("/") else {
        throw malformed("“\(member.key)” without the name of a file in the same folder")
      }
      guard seen.insert(Array(member.key.utf8)).inserted else { throw malformed("“\(member.key)” twice") }
      return (member.key, folder == "." ? shard : "\(folder)/\(shard)")
    }
    files = Set(places.map(\.file)).sorted()
  }

  /// The tensors that the index names, from the directories of their shards.
  func tensors() throws -> [SafetensorsFile.Tensor] {
    var found: [String: [String: SafetensorsFile.Tensor]] = [:]
    for file in files {
      let tensors = try SafetensorsFile(whole: file).tensors
      found[file] = Dictionary(tensors.map { ($0.name, $0) }) { first, _ in first }
    }
    return try places.map { place in
      guard let tensor = found[place.file]?[place.tensor] else {
        throw StreamError(
          .badReference, file: name, position: "“\(place.tensor)”", expected: "this tensor in \(place.file)",
          found: "no such tensor", advice: "the shards belong to another index: copy them all again")
      }
      return tensor
    }.sorted { $0.name < $1.name }
  }
}
