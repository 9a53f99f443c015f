import Samples
import Storage
import Support

/// The directory of a safetensors file, or of the shards that an index names (``SafetensorsIndex``).
///
/// A file holds an 8-byte length, a JSON object that describes the tensors, and their bytes.
package struct SafetensorsFile {
  /// One tensor, row-major, little-endian.
  package struct Tensor: Sendable {
    package let name: String
    /// The file that holds it: a shard, if the file is sharded.
    package let file: String
    package let shape: [Int]
    /// Nil if this project does not support the element type. The tensor is listed, but cannot be read.
    let type: ElementType?
    /// The element type in words; for an unknown type, its name in the file.
    package let typeName: String
    /// Byte of the file at which its elements start.
    let offset: Int
    let byteCount: Int
  }

  package let name: String
  /// Sorted by name.
  package let tensors: [Tensor]
  /// The free-form strings of `__metadata__`.
  package let metadata: [String: String]
  /// The files that hold the tensors: the file itself, or its shards.
  package let files: [String]

  /// Maximum size of a directory, in bytes.
  private static let longestDirectory = 100 << 20

  /// Whether a file with this start may be one, whole or cut short: it has the length of a directory, then a brace.
  static func recognizes(_ start: [UInt8]) -> Bool {
    guard start.count >= 9, start[8] == UInt8(ascii: "{") else { return false }
    return start[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) } <= UInt64(longestDirectory)
  }

  /// Reads the directory, not the tensors. Throws ``StreamError`` if it is malformed, or promises more than the file
  /// holds.
  package init(_ name: String) throws {
    if let index = try SafetensorsIndex(ifAny: name) {
      self.init(name: name, tensors: try index.tensors(), metadata: [:], files: index.files)
    } else {
      try self.init(whole: name)
    }
  }

  private init(name: String, tensors: [Tensor], metadata: [String: String], files: [String]) {
    (self.name, self.tensors, self.metadata, self.files) = (name, tensors, metadata, files)
  }

  /// Reads the directory of one file.
  init(whole name: String) throws {
    self.name = name
    files = [name]
    let file = try FileBytes(name: name)
    var length = [UInt8](repeating: 0, count: 8)
    func malformed(_ found: String, at position: String) -> StreamError {
      StreamError(
        .unknownFormat, file: name, position: position, expected: "safetensors: a length, a JSON directory, tensors",
        found: found, advice: "name a .safetensors, .npy or .h5 file; write it again if it was cut short")
    }
    guard let size = file.size else { throw malformed("a pipe", at: "byte 0") }
    guard try length.withUnsafeMutableBytes({ try file.fill($0) }) == 8 else {
      throw malformed("\(size) bytes", at: "byte 0")
    }
    let count = length.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard count <= UInt64(size - 8), count <= UInt64(Self.longestDirectory) else {
      throw malformed("a directory of \(count) bytes in a file of \(size)", at: "byte 0")
    }
    var text = [UInt8](repeating: 0, count: Int(count))
    guard try text.withUnsafeMutableBytes({ try file.fill($0) }) == text.count,
      case .object(let members)? = try? JSONValue(parsing: text)
    else { throw malformed("no JSON object", at: "byte 8") }
    if let twice = Self.repeated(members) { throw malformed("“\(twice)” twice", at: "byte 8") }

    let directory = members.filter { $0.key != "__metadata__" }
    metadata = Self.strings(members.first { $0.key == "__metadata__" }?.value)
    let start = 8 + Int(count)
    tensors = try directory.map { member in
      guard let tensor = Self.tensor(member.key, member.value, of: name, start: start, size: size) else {
        throw malformed("tensor “\(member.key)” outside the file, or of another size than its shape", at: "byte 8")
      }
      return tensor
    }.sorted { $0.name < $1.name }
    if let tensor = Self.overlapping(tensors) {
      throw malformed("tensor “\(tensor.name)” overlapping another", at: "byte 8")
    }
  }

  /// A key that occurs twice, among the members or inside a tensor's entry.
  private static func repeated(_ members: [JSONValue.Member]) -> String? {
    var seen: Set<[UInt8]> = []
    for member in members {
      guard seen.insert(Array(member.key.utf8)).inserted else { return member.key }
      if case .object(let inner) = member.value, let twice = repeated(inner) { return twice }
    }
    return nil
  }

  private static func strings(_ value: JSONValue?) -> [String: String] {
    guard case .object(let members)? = value else { return [:] }
    let texts = members.compactMap { member in
      if case .string(let text) = member.value { (member.key, text) } else { nil }
    }
    return Dictionary(texts) { first, _ in first }
  }

  private static func integers(_ value: JSONValue?) -> [Int]? {
    guard case .array(let elements)? = value else { return nil }
    let integers = elements.compactMap { if case .integer(let number) = $0 { number } else { nil } }
    return integers.count == elements.count ? integers : nil
  }

  private static let types: [String: ElementType] = [
    "F16": ElementType(kind: .float, width: 2), "BF16": ElementType(kind: .bfloat, width: 2),
    "F32": ElementType(kind: .float, width: 4), "F64": ElementType(kind: .float, width: 8),
    "I8": ElementType(kind: .signed, width: 1), "I16": ElementType(kind: .signed, width: 2),
    "I32": ElementType(kind: .signed, width: 4), "I64": ElementType(kind: .signed, width: 8),
    "U8": ElementType(kind: .unsigned, width: 1), "U16": ElementType(kind: .unsigned, width: 2),
    "U32": ElementType(kind: .unsigned, width: 4), "U64": ElementType(kind: .unsigned, width: 8),
    "BOOL": ElementType(kind: .unsigned, width: 1),
  ]

  private static func tensor(_ name: String, _ entry: JSONValue, of file: String, start: Int, size: Int) -> Tensor? {
    guard case .string(let dtype)? = entry["dtype"], !dtype.isEmpty,
      let shape = integers(entry["shape"]), let offsets = integers(entry["data_offsets"]), offsets.count == 2,
      shape.allSatisfy({ $0 >= 0 }), offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= size - start
    else { return nil }
    let (type, bytes) = (types[dtype], offsets[1] - offsets[0])
    if let type {
      var expected = type.width
      for extent in shape {
        let (product, overflow) = expected.multipliedReportingOverflow(by: extent)
        if overflow { return nil }
        expected = product
      }
      guard bytes == expected else { return nil }
    }
    return Tensor(
      name: name, file: file, shape: shape, type: type, typeName: type?.name ?? dtype, offset: start + offsets[0],
      byteCount: bytes)
  }

  /// A tensor that starts before the previous one ends.
  private static func overlapping(_ tensors: [Tensor]) -> Tensor? {
    let placed = tensors.filter { $0.byteCount > 0 }.sorted { $0.offset < $1.offset }
    return zip(placed, placed.dropFirst()).first { $0.offset + $0.byteCount > $1.offset }?.1
  }

  /// The named tensor; without a name, the output head (``ModelHead``).
  package func tensor(named wanted: String?) throws -> Tensor {
    guard let wanted else { return try ModelHead(self).tensor }
    guard let tensor = tensors.first(where: { $0.name == wanted }) else { throw missing(wanted) }
    return tensor
  }

  /// The error for a tensor that does not exist.
  func missing(_ name: String) -> StreamError {
    let held = tensors.prefix(12).map { "\($0.name) \($0.shape)" }.joined(separator: ", ")
    return StreamError(
      .badReference, file: self.name, expected: "a tensor “\(name)”", found: "no such tensor",
      advice: "name one after #; it holds \(held)\(tensors.count > 12 ? ", …" : "")")
  }
}
