import Testing

@testable import Report

@Suite("Figures")
struct FigureTests {
  @Test("A CSV of data has names in quotes where they need them, and nothing for what is undefined")
  func csv() {
    let data = FigureData([("x", [1, nil]), ("y", [0.5, -2])], names: ("model", ["a,b", "c"]))
    #expect(data.csv == "model,x,y\n\"a,b\",1,0.5\nc,,-2\n")
  }
}
