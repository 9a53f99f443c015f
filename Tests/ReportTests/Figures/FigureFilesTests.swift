import Testing

@testable import Report

@Suite("Files of figures")
struct FigureFilesTests {
  @Test("A CSV of data quotes names if needed, and leaves undefined values empty")
  func csv() {
    let data = FigureData([("x", [1, nil]), ("y", [0.5, -2])], names: ("model", ["a,b", "c"]))
    #expect(data.csv == "model,x,y\n\"a,b\",1,0.5\nc,,-2\n")
  }

  @Test("Numbers have the digits that read back the same, and whole numbers no point")
  func digits() {
    let numbers: [Double] = [0.1, 1.0 / 3, -7, 1e15, 1e300, .leastNonzeroMagnitude, 0x1p62]
    let data = FigureData([("a \"b\"", numbers)])
    let lines = data.csv.split(separator: "\n")
    #expect(lines.first == "\"a \"\"b\"\"\"" && lines.dropFirst().map { Double($0) } == numbers)
    #expect(lines[3] == "-7" && lines[4] == "1000000000000000")
    #expect(FigureData([("x", []), ("y", [])]).csv == "x,y\n")
  }
}
