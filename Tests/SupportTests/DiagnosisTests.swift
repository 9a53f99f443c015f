import Testing

@testable import Support

@Suite("Diagnosis")
struct DiagnosisTests {
  @Test("A diagnosis says where, what was expected, what was found, and what to do")
  func whole() {
    let diagnosis = Diagnosis(
      file: "a.npy", position: "byte 8", expected: "a header", found: "the end", advice: "write it again")
    #expect(diagnosis.summary == "a.npy, byte 8: expected a header, found the end")
    #expect(diagnosis.description == "a.npy, byte 8: expected a header, found the end\n  → write it again")
  }

  @Test("Unknown parts of the position are left out")
  func partial() {
    var diagnosis = Diagnosis(expected: "a header", found: "the end", advice: "write it again")
    #expect(diagnosis.summary == "expected a header, found the end")
    diagnosis.position = "line 3"
    #expect(diagnosis.summary == "line 3: expected a header, found the end")
    diagnosis.file = "-"
    diagnosis.position = nil
    #expect(diagnosis.summary == "-: expected a header, found the end")
  }

  @Test("An error that carries a diagnosis describes itself by it")
  func error() {
    struct Refusal: DiagnosedError {
      let diagnosis = Diagnosis(expected: "one", found: "two", advice: "take one away")
      let isBadInput = true
    }
    #expect("\(Refusal())" == "expected one, found two\n  → take one away")
  }
}

@Suite("Error in a file")
struct ErrorInFileTests {
  private struct Refusal: DiagnosedError {
    var diagnosis = Diagnosis(expected: "one", found: "two", advice: "take one away")
    let isBadInput = true
  }

  @Test("An error without a file is given one, and keeps the rest")
  func naming() throws {
    let error = #expect(throws: RewordedError.self) { try ErrorInFile.naming("a.h5") { throw Refusal() } }
    #expect(error?.diagnosis.summary == "a.h5: expected one, found two" && error?.isBadInput == true)
    #expect(try ErrorInFile.naming("a.h5") { 7 } == 7)
  }

  @Test("An error that names a file, or is of another kind, is passed on unchanged")
  func passedOn() {
    let named = Refusal(diagnosis: Diagnosis(file: "b", expected: "one", found: "two", advice: "take one away"))
    #expect(throws: Refusal.self) { try ErrorInFile.naming("a.h5") { throw named } }
    #expect(throws: CancellationError.self) { try ErrorInFile.naming("a.h5") { throw CancellationError() } }
  }
}
