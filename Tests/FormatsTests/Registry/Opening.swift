@testable import Formats
@testable import Storage
@testable import Support

extension ArrayCursor {
  /// The arrays of a file with these bytes, opened by content.
  static func open(_ name: String, threads: Int = 1) throws -> ArrayCursor {
    try arrays(of: PeekedFile(name, options: ReadOptions(threads: threads)))
  }

  fileprivate static func arrays(of file: PeekedFile) throws -> ArrayCursor {
    guard case .inOrder(let cursor) = try Formats.open(file, as: "arrays") else {
      throw StreamError(.badOrder, Diagnosis(file: file.name, expected: "arrays in order", found: "", advice: ""))
    }
    return cursor
  }
}

extension CursorArray {
  /// The single array of a file.
  static func open(_ name: String, threads: Int = 1) throws -> CursorArray {
    let file = try PeekedFile(name, options: ReadOptions(threads: threads))
    let array = try CursorArray(ArrayCursor.arrays(of: file), of: file)
    try array.checkAlone()
    return array
  }
}

extension PositionArray {
  init(_ name: String, named array: String? = nil, as role: Role) throws {
    try self.init(PeekedFile(name), named: array, as: role)
  }
}
