import Embeddings
import Testing

@Suite("Diagnosis")
struct DiagnosisTests {
  @Test("A diagnosis says where, what was expected, what was found, and what to do")
  func whole() {
    let diagnosis = Diagnosis(
      file: "a.npy", position: "byte 8", expected: "a header", found: "the end", advice: "write it again")
    #expect(diagnosis.summary == "a.npy, byte 8: expected a header, found the end")
    #expect(diagnosis.description == "a.npy, byte 8: expected a header, found the end\n  → write it again")
  }

  @Test("What is not known about the place is left out")
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
