import SystemPackage
import TestSupport
import Testing

@testable import Storage

@Suite("Room on a disk")
struct DiskSpaceTests {
  @Test("The error says how much was needed, how much is free, and what to do")
  func shortage() throws {
    let folder = try TemporaryFolder()
    for (error, advice) in [
      (Errno.noSpace, "make room"), (.diskQuotaExceeded, "larger quota"), (.fileTooLarge, "ulimit -f"),
    ] {
      let shortage = try #require(DiskSpace.shortage(folder.file("a"), error, bytes: 5_000_000))
      #expect(shortage.kind == (error == .fileTooLarge ? .cannotWrite : .noRoom))
      #expect(shortage.diagnosis.expected == "room for 5000000 bytes")
      #expect(shortage.diagnosis.found.hasSuffix(" free)"))
      #expect(shortage.diagnosis.advice.contains(advice))
    }
    #expect(DiskSpace.shortage(folder.file("a"), .permissionDenied, bytes: 1) == nil)
    try DiskSpace.check(folder.file("a"), bytes: 1)
    expectError(.noRoom, file: folder.file("a"), mentioning: "free") {
      try DiskSpace.check(folder.file("a"), bytes: .max)
    }
  }
}
