import TestSupport
import Testing

@testable import Storage
@testable import Support

@Suite("Memory budget")
struct MemoryBudgetTests {
  @Test("A file may take four times its bytes and the process; one byte more memory decides")
  func edge() throws {
    let bytes = 100 << 20
    let needed = 4 * bytes + 64 << 20
    try MemoryBudget.$given.withValue(needed) { try MemoryBudget.check("a", bytes: bytes) }
    let error = #expect(throws: StreamError.self) {
      try MemoryBudget.$given.withValue(needed - 1) { try MemoryBudget.check("a", bytes: bytes) }
    }
    #expect(error?.kind == .outOfMemory && error?.isBadInput == false && error?.diagnosis.file == "a")
    #expect(error?.diagnosis.advice.hasPrefix("give --memory more") == true)
  }

  @Test("Small files are always read, and impossible sizes never")
  func ends() throws {
    try MemoryBudget.$given.withValue(1) { try MemoryBudget.check("a", bytes: 4 << 20) }
    #expect(throws: StreamError.self) { try MemoryBudget.check("a", bytes: .max) }
    #expect(throws: StreamError.self) { try MemoryBudget.check("a", needs: .max, "for more") }
  }

  @Test("Only errors about content make another way to read a file worth trying")
  func trial() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("a", text: "x")
    #expect(try Trial.result { try WholeFile.json(file, limit: 9, kind: "JSON").bytes } == nil)
    #expect(try Trial.result { try WholeFile.bytes(folder.file("none"), limit: 9, kind: "a file") } == nil)
    for kind in [StreamError.Kind.unreadable, .shortage, .outOfMemory] {
      let error = StreamError(kind, expected: "", found: "", advice: "")
      #expect(throws: error) { try Trial.result { throw error } }
      #expect(Trial.isOfAccess(RewordedError(error) { $0.file = "a" }))
    }
    #expect(throws: CancellationError.self) { try Trial.result { throw CancellationError() } }
  }
}
