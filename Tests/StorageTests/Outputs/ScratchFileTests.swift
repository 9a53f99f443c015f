import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Storage

@Suite("Scratch file")
struct ScratchFileTests {
  private func write(_ bytes: [UInt8], to file: ScratchFile, at offset: Int) throws {
    try bytes.withUnsafeBytes { try file.write($0, at: offset) }
  }

  private func read(_ count: Int, from file: ScratchFile, at offset: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0xFF, count: count)
    try bytes.withUnsafeMutableBytes { try file.read(at: offset, into: $0) }
    return bytes
  }

  @Test("Bytes are read where they were written, in any order, and zeros between them")
  func readBack() throws {
    let folder = try TemporaryFolder()
    let file = try ScratchFile(in: folder.path)
    try write([7, 8, 9], to: file, at: 5_000_000_000)
    try write([1, 2], to: file, at: 3)
    file.announce(at: 3, count: 2)
    #expect(try read(4, from: file, at: 2) == [0, 1, 2, 0])
    #expect(try read(3, from: file, at: 5_000_000_000) == [7, 8, 9])
    try write([5], to: file, at: 4)
    #expect(try read(2, from: file, at: 3) == [1, 5])
    #expect(try read(0, from: file, at: 1) == [])
  }

  @Test("It has no name in its folder, is private to its owner and takes no room where nothing was written")
  func unnamed() throws {
    let folder = try TemporaryFolder()
    let descriptor: CInt
    do {
      let file = try ScratchFile(in: folder.path)
      try write([1], to: file, at: 1 << 30)
      #expect(try folder.names.isEmpty)
      descriptor = file.descriptor.rawValue
      var status = stat()
      #expect(fstat(descriptor, &status) == 0)
      #expect(status.st_nlink == 0)
      #expect(status.st_mode & 0o777 == 0o600)
      #expect(status.st_blocks < 2_048)
      #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
    }
    #expect(try folder.names.isEmpty)
  }

  @Test("A missing folder, or a file in its place, is named with advice")
  func badFolder() throws {
    let folder = try TemporaryFolder()
    for path in [folder.file("none"), try folder.write("file", text: "")] {
      let error = try #require(throws: StreamError.self) { _ = try ScratchFile(in: path) }
      #expect(error.kind == .cannotWrite)
      #expect(error.diagnosis.file == path)
      #expect(error.diagnosis.advice == "make the folder first, or give --scratch another")
    }
  }

  @Test("A full disk is an error that says where to find room")
  func full() throws {
    let file = ScratchFile(try FileDescriptor.open("/dev/full", .readWrite), in: "/full")
    let error = try #require(throws: StreamError.self) { try write([1, 2], to: file, at: 10) }
    #expect(error.kind == .cannotWrite)
    #expect(
      error.diagnosis.summary.contains("/full: expected room for 2 bytes of scratch data at byte 10, found No space"))
    #expect(error.diagnosis.advice == "give --scratch a folder with more room")
  }

  @Test("Missing bytes are an error of the disk, not of the user's data")
  func short() throws {
    let folder = try TemporaryFolder()
    let file = try ScratchFile(in: folder.path)
    try write([1, 2, 3], to: file, at: 0)
    let error = try #require(throws: StreamError.self) { _ = try read(4, from: file, at: 0) }
    #expect(error.kind == .cannotWrite)
    #expect(!error.isBadInput)
    #expect(error.diagnosis.expected == "4 bytes of scratch data at byte 0")
  }

  @Test("A named file is read by its name, and never replaces another")
  func named() throws {
    let folder = try TemporaryFolder()
    try write([1, 2, 3], to: ScratchFile(named: "a", in: folder.path), at: 1)
    #expect(try folder.read("a") == [0, 1, 2, 3])
    let error = #expect(throws: StreamError.self) { try ScratchFile(named: "a", in: folder.path) }
    #expect(error?.kind == .cannotWrite)
  }
}
