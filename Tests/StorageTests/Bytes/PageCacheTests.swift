import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Storage

@Suite("Cached pages")
struct PageCacheTests {
  @Test("A file just written is in memory; bytes after its end are not, and neither is an empty range")
  func written() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a", [UInt8](repeating: 1, count: 3 << 20))
    let file = try FileDescriptor.open(FilePath(path), .readOnly)
    try file.closeAfter {
      // Some file systems, including those in memory, cannot tell.
      let isKnown = PageCache.hold(file.rawValue, 0..<1)
      #expect(PageCache.hold(file.rawValue, 0..<3 << 20) == isKnown)
      #expect(!PageCache.hold(file.rawValue, 0..<9 << 20))
      #expect(PageCache.hold(file.rawValue, 5..<5))
    }
  }
}
