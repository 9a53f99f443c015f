import Samples
import Storage

/// A format of files that hold arrays. Each format has its own folder, and an entry in the list of ``Formats``.
protocol Format: Sendable {
  /// Its usual name.
  static var name: String { get }
  /// Whether it is read from start to end, so that it may come through a pipe or in Zstandard frames.
  static var isSequential: Bool { get }
  /// Whether it compresses elements itself, so that a file may hold more elements than it has bytes.
  static var compresses: Bool { get }

  /// Whether a file with this start has this format.
  static func recognizes(_ start: Start) -> Bool
  /// The other files that hold content of a file of this format.
  static func parts(of path: String) throws -> [String]
  /// Opens a recognized file. ``Formats`` has already checked that it can be read in the order the format needs.
  static func open(_ file: PeekedFile) throws -> Opened
}

extension Format {
  static var isSequential: Bool { false }
  static var compresses: Bool { false }

  static func parts(of path: String) throws -> [String] { [] }
}

/// A format of arrays one after another, each preceded by a header.
protocol OrderedFormat: Format {
  /// Reads the header of the next array; nil at the end. Throws ``StreamError`` for anything else.
  static func nextHeader(in cursor: ArrayCursor) throws -> ArrayHeader?
}

extension OrderedFormat {
  static var isSequential: Bool { true }

  static func open(_ file: PeekedFile) throws -> Opened {
    .inOrder(
      ArrayCursor(
        try file.content(), Self.self, isPlainFile: !file.isCompressed, size: file.start.size,
        integrity: file.file.integrity, pool: file.pool, offset: file.place?.offset ?? 0,
        windowBytes: file.window?.extra ?? 0))
  }
}

/// An open file of some format.
enum Opened {
  /// Arrays one after another.
  case inOrder(ArrayCursor)
  /// Named arrays, read in any order.
  case named(any NamedArraysFile)
  /// Nothing but token ids, of a type that a header or the user gives.
  case integers(PlainIntegers)
}
