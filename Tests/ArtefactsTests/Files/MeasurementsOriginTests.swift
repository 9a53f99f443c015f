import Testing

@testable import Artefacts
@testable import Moments
@testable import Support

@Suite("What measurements come from")
struct MeasurementsOriginTests {
  private func warning(_ members: String) throws -> String? {
    let json = try JSONValue(parsing: Array("{\"tokens\": 1, \"provenance\": {\(members)}}".utf8))
    return try MeasurementsOrigin.check(json, "m.json")
  }

  @Test("One head, or only one of the two, is fine; decisions from predictions fit every head")
  func fits() throws {
    for members in [
      "", #""head_digest": "a""#, #""decisions_head_digest": "a", "decisions_checksum": "d""#,
      #""head_digest": "a", "decisions_head_digest": "a", "decisions_checksum": "d""#,
      #""head_digest": "a", "decisions_head_digest": "predictions", "decisions_checksum": "d""#,
      #""classifier_checksum": "a""#, #""decisions_checksum": "d""#,
    ] { #expect(try warning(members) == nil, "\(members)") }
    #expect(try MeasurementsOrigin.check(["tokens": .integer(1)], "m.json") == nil)
  }

  @Test("NC3 of one head beside NC4 of another is refused")
  func mixed() {
    expectMismatch { _ = try warning(#""head_digest": "a", "decisions_head_digest": "b""#) }
  }

  @Test(
    "Measurements that do not record the head of their decisions give a warning",
    arguments: ["head_digest", "classifier_checksum"])
  func old(name: String) throws {
    let text = try #require(try warning("\"\(name)\": \"a\", \"decisions_checksum\": \"d\""))
    #expect(text.hasPrefix("does not record the output head"))
  }

  private func expectMismatch(_ body: () throws -> Void) {
    let error = #expect(throws: MomentsError.self) { try body() }
    #expect(error?.kind == .decisionsMismatch && error?.diagnosis.file == "m.json")
  }
}
