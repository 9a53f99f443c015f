import Testing

@testable import Storage
@testable import Support

@Suite("Stream error")
struct StreamErrorTests {
  @Test("All kinds are bad input, except an output that cannot be written")
  func badInput() {
    let diagnosis = Diagnosis(file: "a", expected: "one", found: "two", advice: "take one")
    #expect(StreamError(.truncated, diagnosis).isBadInput && StreamError(.missing, diagnosis).isBadInput)
    #expect(!StreamError(.cannotWrite, diagnosis).isBadInput)
    #expect("\(StreamError(.corrupt, diagnosis))" == diagnosis.description)
  }
}
