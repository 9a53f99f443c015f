import Embeddings
import Foundation
import SystemPackage

/// The directory of a safetensors file: an 8-byte length, a JSON object of tensors, then their bytes.
public struct SafetensorsFile {
  /// One tensor, row-major, little-endian.
  public struct Tensor: Sendable {
    public let name: String
    public let shape: [Int]
    /// Nil where this project knows no such elements: the tensor is listed, and refused when it is asked for.
    let type: ElementType?
    /// The element type in words; of an unknown type, the name that the file gives it.
    public let typeName: String
    /// Byte of the file at which its elements start.
    let offset: Int
    let byteCount: Int
  }

  public let name: String
  /// By name.
  public let tensors: [Tensor]
  /// The free-form strings of `__metadata__`.
  public let metadata: [String: String]

  /// Reads the directory, not the tensors. Throws ``StreamError`` where it is none, or promises more than the file holds.
  public init(_ name: String) throws {
    self.name = name
    let file = try FileBytes(name: name)
    func malformed(_ found: String, at position: String) -> StreamError {
      StreamError(
        .unknownFormat,
        Diagnosis(
          file: name, position: position, expected: "safetensors: a length, a JSON directory, tensors", found: found,
          advice: "name a .safetensors, .npy or .h5 file; write it again if it was cut short"))
    }
    guard let size = file.size else { throw malformed("a pipe", at: "byte 0") }
    var length = [UInt8](repeating: 0, count: 8)
    guard try length.withUnsafeMutableBytes({ try file.fill($0) }) == 8 else {
      throw malformed("\(size) bytes", at: "byte 0")
    }
    let count = length.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard count <= UInt64(size - 8), count <= 100 << 20 else {
      throw malformed("a directory of \(count) bytes in a file of \(size)", at: "byte 0")
    }
    var text = [UInt8](repeating: 0, count: Int(count))
    guard try text.withUnsafeMutableBytes({ try file.fill($0) }) == text.count,
      let directory = (try? JSONSerialization.jsonObject(with: Data(text))) as? [String: Any]
    else { throw malformed("no JSON object", at: "byte 8") }

    metadata = directory["__metadata__"] as? [String: String] ?? [:]
    let start = 8 + Int(count)
    tensors = try directory.filter { $0.key != "__metadata__" }.map { key, value in
      guard let tensor = Self.tensor(key, value, start: start, size: size) else {
        throw malformed("tensor “\(key)” outside the file, or not as long as its shape", at: "byte 8")
      }
      return tensor
    }.sorted { $0.name < $1.name }
    if let tensor = Self.overlapping(tensors) {
      throw malformed("tensor “\(tensor.name)” over the end of another", at: "byte 8")
    }
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

  private static func tensor(_ name: String, _ value: Any, start: Int, size: Int) -> Tensor? {
    guard let entry = value as? [String: Any], let dtype = entry["dtype"] as? String, !dtype.isEmpty,
      let shape = entry["shape"] as? [Int], let offsets = entry["data_offsets"] as? [Int], offsets.count == 2,
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
      name: name, shape: shape, type: type, typeName: type?.name ?? dtype, offset: start + offsets[0], byteCount: bytes)
  }

  /// A tensor that starts before the one in front of it ends.
  private static func overlapping(_ tensors: [Tensor]) -> Tensor? {
    let placed = tensors.filter { $0.byteCount > 0 }.sorted { $0.offset < $1.offset }
    return zip(placed, placed.dropFirst()).first { $0.offset + $0.byteCount > $1.offset }?.1
  }

  /// The tensor of that name; without one, the output head, or the only matrix.
  public func tensor(named wanted: String?) throws -> Tensor {
    let matrices = tensors.filter { $0.shape.count == 2 }
    let name = wanted ?? (matrices.count == 1 ? matrices[0].name : "lm_head.weight")
    if let tensor = tensors.first(where: { $0.name == name }) { return tensor }
    let held = tensors.prefix(12).map { "\($0.name) \($0.shape)" }.joined(separator: ", ")
    throw StreamError(
      .badReference,
      Diagnosis(
        file: self.name, expected: "a tensor “\(name)”", found: "none of that name",
        advice: "name one after #; it holds \(held)\(tensors.count > 12 ? ", …" : "")"))
  }

  /// Reads rows of a matrix, widened to Float64, into `out` [rows × columns].
  static func readRows(
    _ tensor: Tensor, of name: String, _ rows: [Int], into out: UnsafeMutablePointer<Double>
  ) throws {
    guard let scalar = tensor.type?.scalar else { return }
    let columns = tensor.shape.dropFirst().reduce(1, *)
    let row = UnsafeMutableRawBufferPointer.allocate(byteCount: columns * scalar.byteCount, alignment: 8)
    defer { row.deallocate() }
    guard let start = row.baseAddress else { return }
    do {
      let file = try FileDescriptor.open(FilePath(name), .readOnly)
      try file.closeAfter {
        for (index, token) in rows.enumerated() {
          var done = 0
          while done < row.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: row[done...])
            let got = try file.read(fromAbsoluteOffset: Int64(tensor.offset + token * row.count + done), into: rest)
            if got == 0 { throw Errno.ioError }
            done += got
          }
          try IORate.ofProcess.take(row.count)
          scalar.widen(start, count: columns, into: out + index * columns)
        }
      }
    } catch let error as Errno {
      throw FileBytes.cannotOpen(name, error)
    }
  }
}
