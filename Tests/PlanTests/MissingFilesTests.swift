import Foundation
import TestSupport
import Testing

@testable import Plan

@Suite("Missing files")
struct MissingFilesTests {
  @Test("Each is a problem at its position; existing files, patterns with a match, - and names with a # are not")
  func places() throws {
    let folder = try TemporaryFolder()
    let there = try ["a.npy", "b#1.npy"].map { try folder.write($0, [1]) } + [folder.file("*.npy"), "-"]
    let missing = [folder.file("c.npy"), folder.file("c*.npy"), folder.path]
    var problems: [Problem] = []
    problems.append(missing: there.map { Located($0, .option("--here")) })
    #expect(problems.isEmpty)
    problems.append(missing: missing.enumerated().map { Located($1, .option("--missing\($0)")) })
    #expect(problems.map(\.place) == (0..<3).map { .option("--missing\($0)") })
  }
}
