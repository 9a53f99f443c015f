import TestSupport
import Testing

@testable import Moments
@testable import Storage

@Suite("Rows set aside")
struct ScratchRowsTests {
  @Test("Rows come back by number, in whatever order they were written and written again")
  func order() throws {
    let folder = try TemporaryFolder()
    let rows = ScratchRows(file: try ScratchFile(in: folder.path), dimension: 3)
    func content(_ row: Int) -> [Double] { (0..<3).map { Double(row * 10 + $0) } }
    for row in [4, 0, 2, 4, 1] { try rows.write(row, content(row)) }
    try rows.write(2, [-1, -2, -3])
    rows.announce(4)
    for row in [1, 2, 4, 0] {
      var found = [Double](repeating: 0, count: 3)
      try rows.read(row, into: &found)
      #expect(found == (row == 2 ? [-1, -2, -3] : content(row)))
    }
  }

  @Test("A row behind the last that was written is an error that says where")
  func beyond() throws {
    let folder = try TemporaryFolder()
    let rows = ScratchRows(file: try ScratchFile(in: folder.path), dimension: 2)
    try rows.write(0, [1, 2])
    var found = [0.0, 0]
    let error = #expect(throws: StreamError.self) { try rows.read(1, into: &found) }
    #expect(error?.description.contains("16 bytes that were set aside at byte 16") == true)
  }
}
