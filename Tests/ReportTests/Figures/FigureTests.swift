import Testing

@testable import Report

@Suite("Figures")
struct FigureTests {
  @Test("Data are columns by name; a missing column is empty")
  func columns() {
    let data = FigureData([("x", [1, nil]), ("y", [0.5, -2])])
    #expect(data["y"] == [0.5, -2] && data["z"].isEmpty && data.rows == 2)
    #expect(FigureData([]).rows == 0)
  }

  @Test("Data are equal if numbers and names are")
  func equality() {
    let columns: [(String, [Double?])] = [("x", [1, nil])]
    let named = FigureData(columns, names: ("model", ["a", "b"]))
    #expect(FigureData(columns) == FigureData(columns) && FigureData(columns) != named)
    #expect(named == FigureData(columns, names: ("model", ["a", "b"])))
    #expect(named != FigureData(columns, names: ("model", ["a", "c"])))
    #expect(FigureData(columns) != FigureData([("x", [1, 0])]))
  }
}
