import Foundation
import Storage
import Support

/// The index of sharded safetensors (`model.safetensors.index.json`): which file in the same folder holds which tensor.
struct SafetensorsIndex {
  let name: String
  /// The shards, sorted by name.
  let files: [String]
  /// Names of tensors in order, and the shard of each.
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
    let folder = AtomicFile.folder(of: name)
    self.name = name
    do {
      (places, files) = try Self.read(WholeFile.bytes(name, limit: Self.longest, kind: "an index"), folder)
    } catch let error as MalformedIndex {
      throw malformed(error.found)
    } catch is JSONError {
      throw malformed("invalid JSON")
    }
    let pairs = zip(places, places.dropFirst())
    if let (one, _) = pairs.first(where: { $0.tensor.utf8.elementsEqual($1.tensor.utf8) }) {
      throw malformed("“\(one.tensor)” twice")
    }
  }

  /// What is wrong with an index, in words.
  private struct MalformedIndex: Error {
    let found: String
  }

  /// The tensors by name, with their shards, and the shards.
  private static func read(
    _ bytes: [UInt8], _ folder: String
  ) throws -> (places: [(tensor: String, file: String)], files: [String]) {
    var places: [(tensor: String, file: String)]?
    // Every shard's name is kept once.
    var shards: [String: String] = [:]
    let isObject = try bytes.withUnsafeBufferPointer { bytes in
      var parser = JSONParser(bytes: bytes)
      return try parser.document { parser in
        let isObject = try parser.members { parser, key in
          guard key == "weight_map", places == nil else {
            try parser.skip()
            return
          }
          var found: [(tensor: String, file: String)] = []
          found.reserveCapacity(try parser.count())
          let isMap = try parser.members { parser, tensor in
            guard case .string(let shard) = try parser.value(), !shard.isEmpty, !shard.contains("/"),
              !FileName.hasZero(shard)
            else {
              throw MalformedIndex(found: "“\(tensor)” without the name of a file in the same folder")
            }
            let file = shards[shard] ?? (folder == "." ? shard : "\(folder)/\(shard)")
            if shards[shard] == nil { shards[shard] = file }
            found.append((tensor, file))
            parser.forget()
          }
          guard isMap else { throw MalformedIndex(found: "no weight_map") }
          places = found
        }
        if !isObject { try parser.skip() }
        return isObject
      }
    }
    guard isObject, var places else { throw MalformedIndex(found: "no weight_map") }
    places.sort { $0.tensor.utf8.lexicographicallyPrecedes($1.tensor.utf8) }
    return (places, shards.values.sorted())
  }

  /// The tensors that the index names, from the directories of their shards.
  func tensors() throws -> [SafetensorsFile.Tensor] {
    var found: [String: [SafetensorsFile.Tensor]] = [:]
    for file in files { found[file] = try SafetensorsFile(whole: file).tensors }
    return try places.map { place in
      guard let tensor = SafetensorsFile.find(place.tensor, in: found[place.file] ?? []) else {
        throw StreamError(
          .badReference, file: name, position: "“\(place.tensor)”", expected: "this tensor in \(place.file)",
          found: "no such tensor", advice: "the shards belong to another index: copy them all again")
      }
      return tensor
    }
  }
}
