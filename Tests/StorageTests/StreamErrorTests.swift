import Testing

@testable import Storage
@testable import Support

@Suite("Stream error")
struct StreamErrorTests {
  @Test("All kinds but a place that cannot be written are bad input")
  func badInput() {
    let diagnosis = Diagnosis(file: "a", expected: "one", found: "two", advice: "take one")
    #expect(StreamError(.truncated, diagnosis).isBadInput && StreamError(.missing, diagnosis).isBadInput)
    #expect(!StreamError(.cannotWrite, diagnosis).isBadInput)
    #expect("\(StreamError(.corrupt, diagnosis))" == diagnosis.description)
  }
}
