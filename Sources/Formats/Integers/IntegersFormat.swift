import Samples
import Storage

/// Little-endian integers without a header, of a type that the user gives.
enum IntegersFormat: Format {
  static let name = "integers"
  static let isSequential = true

  /// A file of another format holds no integers to count, unless the user says so.
  static func recognizes(_ start: Start) -> Bool {
    start.width != nil && (start.isRaw || ForeignFormat.certain(start.bytes) == nil)
  }

  static func open(_ file: PeekedFile) throws -> Opened {
    let type = (file.start.width ?? .uint16).element
    if let size = file.start.size, size % type.width > 0 {
      throw StoredIntegers.leftOver(size % type.width, of: type, in: file.name)
    }
    return .integers(
      PlainIntegers(
        source: try file.content(), type: type, count: file.start.size.map { $0 / type.width },
        container: "little-endian \(type.name)" + (file.isCompressed ? " in Zstandard" : "")))
  }
}
