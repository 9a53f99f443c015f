/// Writes safetensors files by hand.
package enum Safetensors {
  /// A file with this directory and these bytes; the length is the directory's unless given.
  package static func file(_ directory: String, _ bytes: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
    let length = length ?? UInt64(directory.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(directory.utf8) + bytes
  }

  /// A file of the given tensors, one after another.
  package static func file(_ tensors: [(name: String, type: String, shape: [Int], bytes: [UInt8])]) -> [UInt8] {
    var start = 0
    let entries = tensors.map { tensor in
      defer { start += tensor.bytes.count }
      return entry(tensor.name, tensor.type, tensor.shape, start, start + tensor.bytes.count)
    }
    return file("{\(entries.joined(separator: ","))}", tensors.flatMap(\.bytes))
  }

  package static func entry(_ name: String, _ type: String, _ shape: [Int], _ start: Int, _ end: Int) -> String {
    "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(start),\(end)]}"
  }
}
