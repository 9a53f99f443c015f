import Samples
import Storage

/// A format of files that hold arrays. It stands in a folder of its own, and in the list of ``Formats``.
protocol Format: Sendable {
  /// What people call it.
  static var name: String { get }
  /// Whether it is read from its beginning to its end, so that it may come through a pipe, or in Zstandard frames.
  static var isSequential: Bool { get }
  /// Whether it compresses elements by itself, so that a file may hold more of them than it has bytes.
  static var compresses: Bool { get }

  /// Whether a file that begins so is one.
  static func recognizes(_ start: Start) -> Bool
  /// The files that a file of this format names, and whose content is its own.
  static func parts(of path: String) throws -> [String]
  /// Opens a file that was recognized; ``Formats`` has seen to it that it can be read in the order it needs.
  static func open(_ file: PeekedFile) throws -> Opened
}

extension Format {
  static var isSequential: Bool { false }
  static var compresses: Bool { false }

  static func parts(of path: String) throws -> [String] { [] }
}

/// A format of arrays one after another, each with a header before its elements.
protocol OrderedFormat: Format {
  /// Reads the header of the next array, or nil at the end. Throws ``StreamError`` for anything else.
  static func nextHeader(in cursor: ArrayCursor) throws -> ArrayHeader?
}

extension OrderedFormat {
  static var isSequential: Bool { true }

  static func open(_ file: PeekedFile) throws -> Opened {
    .inOrder(
      ArrayCursor(
        try file.content(), Self.self, isPlainFile: !file.isCompressed, size: file.start.size,
        integrity: file.file.integrity, pool: file.pool, offset: file.place?.offset ?? 0))
  }
}

/// A file of some format, opened.
enum Opened {
  /// Arrays one after another.
  case inOrder(ArrayCursor)
  /// Arrays with names, which are read in any order.
  case named(any ArraysFile)
  /// Nothing but integers, of a type that the user gave.
  case integers(any ByteSource, ElementType)
}
