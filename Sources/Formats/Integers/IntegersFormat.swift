/// Little-endian integers without a header, of a type that the user gives.
enum IntegersFormat: Format {
  static let name = "integers"
  static let isSequential = true

  static func recognizes(_ start: Start) -> Bool { start.width != nil }

  static func open(_ file: PeekedFile) throws -> Opened {
    .integers(try file.content(), (file.start.width ?? .uint16).element)
  }
}
