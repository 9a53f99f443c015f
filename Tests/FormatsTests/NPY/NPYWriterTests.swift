import TestSupport
import Testing

@testable import Formats
@testable import Samples

@Suite("NPY writer")
struct NPYWriterTests {
  @Test("Headers are the ones NumPy writes")
  func headers() {
    for rows in [1, 9, 4_096, 1_000_000_000] {
      #expect(NPYWriter.header(labels: rows) == NPY.array("<i4", [rows], []))
      #expect(NPYWriter.header(features: .float16, rows: rows, dimension: 768) == NPY.array("<f2", [rows, 768], []))
    }
  }

  @Test("The reader reads them back", arguments: ScalarType.allCases)
  func types(scalar: ScalarType) throws {
    let folder = try TemporaryFolder()
    let bytes = NPYWriter.header(features: scalar, rows: 0, dimension: 5)
    let header = try #require(try ArrayCursor.open(folder.write("a.npy", bytes)).nextHeader())
    #expect(header.type.scalar == scalar)
    #expect(header.shape == [0, 5])
    #expect(!header.isColumnMajor)
  }
}
