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
    fileprivate let stored: StoredType
    /// Byte of the file at which its elements start.
    let offset: Int
    let byteCount: Int

    /// Nil if this project does not support the element type. The tensor is listed, but cannot be read.
    var type: ElementType? { if case .known(let type) = stored { type } else { nil } }
    /// The element type in words; for an unknown type, its name in the file.
    package var typeName: String {
      switch stored {
      case .known(let type): type.name
      case .unknown(let name): name
      }
    }
  }

  fileprivate enum StoredType: Sendable {
    case known(ElementType)
    case unknown(String)
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
    try MemoryBudget.check(name, bytes: Int(count))
    do {
      (tensors, metadata) = try Self.directory(of: file, count: Int(count), size: size)
    } catch let error as MalformedDirectory {
      throw malformed(error.found, at: "byte 8")
    } catch is JSONError {
      throw malformed("no JSON object", at: "byte 8")
    }
  }

  /// What is wrong with a directory, in words.
  private struct MalformedDirectory: Error {
    let found: String
  }

  /// The tensors by name, and the metadata. The directory itself is gone when they are sorted.
  private static func directory(
    of file: FileBytes, count: Int, size: Int
  ) throws -> (tensors: [Tensor], metadata: [String: String]) {
    var (tensors, metadata) = try read(file, count: count, size: size)
    tensors.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    let pairs = zip(tensors, tensors.dropFirst())
    if let (one, _) = pairs.first(where: { $0.name.utf8.elementsEqual($1.name.utf8) }) {
      throw MalformedDirectory(found: "“\(one.name)” twice")
    }
    if let tensor = overlapping(tensors) {
      throw MalformedDirectory(found: "tensor “\(tensor.name)” overlapping another")
    }
    return (tensors, metadata)
  }

  /// The tensors in the order of the directory.
  private static func read(
    _ file: FileBytes, count: Int, size: Int
  ) throws -> (tensors: [Tensor], metadata: [String: String]) {
    var text = [UInt8](repeating: 0, count: count)
    guard try text.withUnsafeMutableBytes({ try file.fill($0) }) == count else {
      throw MalformedDirectory(found: "no JSON object")
    }
    return try text.withUnsafeBufferPointer { text in
      var parser = JSONParser(bytes: text)
      let start = 8 + count
      return try parser.document { parser in
        var tensors: [Tensor] = []
        var metadata: [String: String]?
        var shapes = SharedShapes()
        tensors.reserveCapacity(try parser.count())
        let isObject = try parser.members { parser, key in
          if key == "__metadata__" {
            guard metadata == nil else { throw MalformedDirectory(found: "“\(key)” twice") }
            metadata = try strings(parser.value())
          } else {
            let entry = try parser.value()
            if let twice = try repeated(entry) { throw MalformedDirectory(found: "“\(twice)” twice") }
            guard let tensor = tensor(key, entry, of: file.name, start: start, size: size, &shapes) else {
              throw MalformedDirectory(found: "tensor “\(key)” outside the file, or of another size than its shape")
            }
            tensors.append(tensor)
          }
          parser.forget()
        }
        guard isObject else { throw MalformedDirectory(found: "no JSON object") }
        return (tensors, metadata ?? [:])
      }
    }
  }

  /// The shapes of a model's tensors, of which there are few, each stored once.
  private struct SharedShapes {
    private var known: [[Int]: [Int]] = [:]
    private static let most = 1000

    mutating func shared(_ shape: [Int]) -> [Int] {
      if let same = known[shape] { return same }
      if known.count < Self.most { known[shape] = shape }
      return shape
    }
  }

  /// The most members of a tensor's entry; the format has three.
  private static let mostMembers = 64

  /// A key that occurs twice in a tensor's entry.
  private static func repeated(_ entry: JSONValue) throws -> String? {
    guard case .object(let members) = entry else { return nil }
    guard members.count <= mostMembers else { throw MalformedDirectory(found: "an entry of \(members.count) members") }
    var seen: Set<[UInt8]> = []
    return members.first { !seen.insert(Array($0.key.utf8)).inserted }?.key
  }

  private static func strings(_ value: JSONValue) throws -> [String: String] {
    guard case .object(let members) = value else { return [:] }
    let names = members.map(\.key).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    if let (twice, _) = zip(names, names.dropFirst()).first(where: { $0.utf8.elementsEqual($1.utf8) }) {
      throw MalformedDirectory(found: "“\(twice)” twice")
    }
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

  private static func tensor(
    _ name: String, _ entry: JSONValue, of file: String, start: Int, size: Int, _ shapes: inout SharedShapes
  ) -> Tensor? {
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
      name: name, file: file, shape: shapes.shared(shape), stored: type.map { .known($0) } ?? .unknown(dtype),
      offset: start + offsets[0], byteCount: bytes)
  }

  /// A tensor that starts before the previous one ends.
  private static func overlapping(_ tensors: [Tensor]) -> Tensor? {
    var placed = tensors.indices.filter { tensors[$0].byteCount > 0 }
    placed.sort { tensors[$0].offset < tensors[$1].offset }
    return zip(placed, placed.dropFirst()).first { tensors[$0].offset + tensors[$0].byteCount > tensors[$1].offset }
      .map { tensors[$1] }
  }

  /// The named tensor; without a name, the output head (``ModelHead``).
  package func tensor(named wanted: String?) throws -> Tensor {
    guard let wanted else { return try ModelHead(self).tensor }
    guard let tensor = Self.find(wanted, in: tensors) else { throw missing(wanted) }
    return tensor
  }

  /// The tensor of that name among those of a file, sorted by name.
  static func find(_ wanted: String, in tensors: [Tensor]) -> Tensor? {
    var (low, high) = (0, tensors.count)
    while low < high {
      let middle = (low + high) / 2
      if tensors[middle].name.utf8.lexicographicallyPrecedes(wanted.utf8) { low = middle + 1 } else { high = middle }
    }
    return low < tensors.count && tensors[low].name.utf8.elementsEqual(wanted.utf8) ? tensors[low] : nil
  }

  /// The error for a tensor that does not exist.
  func missing(_ name: String) -> StreamError {
    let held = tensors.prefix(12).map { "\($0.name) \($0.shape)" }.joined(separator: ", ")
    return StreamError(
      .badReference, file: self.name, expected: "a tensor “\(name)”", found: "no such tensor",
      advice: "name one after #; it holds \(held)\(tensors.count > 12 ? ", …" : "")")
  }
}
