import Foundation
import TestSupport
import Testing

@testable import Formats
@testable import HDF5
@testable import Storage
@testable import Support

@Suite("Foreign formats")
struct ForeignFormatTests {
  private static let starts: [(start: [UInt8], what: String, opener: String)] = [
    ([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3], "a gzip file (1F 8B 08 00 00 00", "gzip -dc"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0, 4], "an xz file", "xz -dc"),
    (Array("BZh91AY&SY".utf8), "a bzip2 file", "bzip2 -dc"),
    ([0x04, 0x22, 0x4D, 0x18, 0x64, 0x40, 0xA7], "an lz4 file", "lz4 -dc"),
    ([0x50, 0x4B, 3, 4, 0x2D, 0, 0, 0, 0, 0], "a zip file", "numpy.save"),
  ]

  @Test("A stream in one is called by its name, with what opens it", arguments: Self.starts)
  func streams(start: [UInt8], what: String, opener: String) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("a.npy", start)
    for open in [{ _ = try ArrayCursor(name: file) }, { _ = try TokenFile(file, width: nil, options: ReadOptions()) }] {
      expectError(.unknownFormat, file: file, position: "byte 0", mentioning: what, opener) { try open() }
    }
  }

  @Test("A file that has to be sought in is to be decompressed into another", arguments: Self.starts)
  func files(start: [UInt8], what: String, opener: String) throws {
    let folder = try TemporaryFolder()
    // Long enough that its start could be the length of a directory.
    let file = try folder.write("a.h5", start + [UInt8](repeating: 0, count: 1_000_000))
    for open in [{ _ = try HDF5File(reading: file) }, { _ = try MatrixFile(TensorReference(file + "#a")) }] {
      expectError(.unknownFormat, file: file, position: "byte 0", mentioning: what, "a file") { try open() }
    }
  }

  @Test("In a pipe, what decompresses it goes before it")
  func pipe() {
    func advice(_ file: String) -> String {
      ForeignFormat.diagnosis(file: file, expected: "", start: [0x1F, 0x8B] as [UInt8], advice: "").advice
    }
    #expect(advice("-") == "put gzip -dc before it in the pipe")
    #expect(advice("a.gz").contains("gzip -dc a.gz | collapse"))
  }

  @Test("Other bytes stay bytes, with the advice of who found them")
  func others() {
    for start in [[], [0x1F], [0x50, 0x4B, 5, 6], Array("text".utf8)] as [[UInt8]] {
      let diagnosis = ForeignFormat.diagnosis(file: "a", expected: "b", start: start, advice: "c")
      #expect(ForeignFormat(start) == nil && diagnosis.found == hexadecimal(start) && diagnosis.advice == "c")
    }
  }

  @Test("What gzip writes is known")
  func gzip() throws {
    let folder = try TemporaryFolder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", try folder.write("a", Array("content".utf8))]
    try process.run()
    process.waitUntilExit()
    #expect(try ForeignFormat(folder.read("a.gz")) == .gzip)
  }
}
