import Foundation
import TestSupport
import Testing

@testable import HDF5
@testable import Storage

/// Promise: a file from elsewhere never makes this process open another one.
@Suite("Links and datasets that lead out of a file")
struct HDF5LinksTests {
  private let folder: TemporaryFolder
  private let path: String
  private let numbers = [1.0, 2, 3]

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("a.h5")
    RawHDF5.write(path, dataset: "own", numbers, shape: [3])
  }

  private func expectElsewhere(_ name: String, mentioning words: String..., read: (HDF5Dataset) throws -> Void) {
    let error = #expect(throws: StreamError.self) { try read(HDF5File(reading: path).dataset(name)) }
    #expect(error?.kind == .corrupt && error?.diagnosis.expected == "elements in the file itself")
    #expect(error?.diagnosis.file == path && error?.diagnosis.position == name)
    for word in words { #expect(error?.diagnosis.found.contains(word) == true, "\(String(describing: error))") }
  }

  /// All ways to the elements of a dataset.
  private static let reads: [@Sendable (HDF5Dataset) throws -> Void] = [
    { _ = try $0.readAll(.float64, of: Double.self) }, { _ = try $0.readRows(0..<1, .float64) as [Double] },
    { _ = try $0.readTexts() }, { try $0.checkStored() }, { _ = try $0.storage(fileSize: 1 << 20) },
    {
      _ = try HDF5SlabBytes($0.file, $0.path, rowBytes: 8, from: 0).fill(
        UnsafeMutableRawBufferPointer(start: nil, count: 0))
    },
  ]

  @Test("A link into another file is refused by name, as the dataset, as a group on the way, and behind a soft link")
  func external() throws {
    let other = folder.file("other.h5")
    RawHDF5.write(other, StreamSamples(rows: 3, dimension: 1, scalar: .float32), group: "g", chunkRows: nil)
    RawHDF5.link(path, "direct", to: "/g/labels", of: other)
    RawHDF5.link(path, "group", to: "/g", of: other)
    RawHDF5.link(path, "soft", to: "direct")
    RawHDF5.link(path, "softGroup", to: "/group")
    for name in ["direct", "/group/labels", "soft", "softGroup/labels"] {
      expectElsewhere(name, mentioning: "a link into another file", other) { _ in }
    }
    let file = try HDF5File(reading: path)
    #expect(throws: StreamError.self) { _ = try file.contains("/group/labels") }
    let listing = try file.listing()
    #expect(listing.paths == ["/own"])
    #expect(listing.unreadable?.description.contains(other) == true)
  }

  @Test("The library itself does not follow such a link for any caller")
  func library() throws {
    let other = folder.file("other.h5")
    RawHDF5.write(other, dataset: "x", numbers, shape: [3])
    RawHDF5.link(path, "x", to: "/x", of: other)
    let file = try HDF5File(reading: path)
    HDF5Library.locked {
      #expect(H5Dopen2(file.handle.id, "x", 0) < 0)
      #expect(H5Oopen(file.handle.id, "/x", 0) < 0)
    }
  }

  @Test("A link of another program's kind is refused")
  func userDefined() throws {
    RawHDF5.link(path, ofUsersKind: "strange")
    expectElsewhere("strange", mentioning: "a link of a kind") { _ in }
    #expect(try HDF5File(reading: path).listing().unreadable != nil)
  }

  @Test("Soft links within the file are followed, from their group or from the root, but not in circles")
  func soft() throws {
    RawHDF5.write(path, StreamSamples(rows: 3, dimension: 1, scalar: .float32), group: "g", chunkRows: nil)
    RawHDF5.link(path, "g/near", to: "labels")
    RawHDF5.link(path, "g/far", to: "/own")
    RawHDF5.link(path, "h", to: "./g")
    RawHDF5.link(path, "round", to: "round")
    let file = try HDF5File(reading: path)
    for name in ["g/near", "/g/far", "h/near", "h/far", "/h/labels"] {
      #expect(try file.contains(name) && file.dataset(name).shape == [3], "\(name)")
    }
    #expect(throws: StreamError.self) { _ = try file.dataset("round") }
    #expect(try !file.contains("h/none"))
  }

  @Test("Elements in a file without a header are not read in any way")
  func externalStorage() throws {
    let secret = try folder.write("secret", text: String(repeating: "secret!\n", count: 3))
    RawHDF5.write(path, external: "raw", in: secret, rows: 3)
    for read in Self.reads { expectElsewhere("raw", mentioning: "elements are in \(secret)", read: read) }
  }

  @Test("A view of other files is listed, but not read")
  func virtual() throws {
    let other = folder.file("other.h5")
    RawHDF5.write(other, dataset: "view", numbers, shape: [3])
    RawHDF5.write(path, virtual: "view", of: [other], rows: 3)
    for read in Self.reads { expectElsewhere("view", mentioning: "a view of datasets in \(other)", read: read) }
    #expect(try HDF5File(reading: path).dataset("view").shape == [3])
  }

  @Test("A pipe behind a link, as storage or in a view that grows is never waited for", .timeLimit(.minutes(5)))
  func pipe() throws {
    let pipe = try folder.makePipe("pipe")
    RawHDF5.link(path, "linked", to: "/x", of: pipe)
    RawHDF5.write(path, external: "stored", in: pipe, rows: 3)
    RawHDF5.write(folder.file("b.h5"), growing: "view", with: pipe)
    let file = try HDF5File(reading: path)
    for name in ["linked", "stored"] {
      #expect(throws: StreamError.self) { _ = try file.dataset(name).readAll(.float64, of: Double.self) }
    }
    let growing = try HDF5File(reading: folder.file("b.h5"))
    #expect(try growing.listing().paths == ["/view"])
    #expect(throws: StreamError.self) { _ = try growing.dataset("view").readAll(.float64, of: Double.self) }
  }

  @Test("A name with a zero byte is refused, not cut")
  func zero() throws {
    let error = #expect(throws: StreamError.self) { _ = try HDF5File(reading: path).dataset("own\0x") }
    #expect(error?.description.contains("own\\x00x") == true && error?.description.contains("U+0000") == true)
    #expect(throws: StreamError.self) { _ = try HDF5File(reading: path + "\0x") }
    #expect(try HDF5File(reading: path).attribute("a\0b") == nil)
  }

  @Test("A float of 16 bytes with an exponent of 64 bits has no type here")
  func hugeExponent() throws {
    RawHDF5.write(path, wideFloat: "x", exponentBits: 64)
    #expect(try HDF5File(reading: path).dataset("x").elementType == nil)
  }

  @Test(
    "An array that cannot be addressed is refused before anything is counted or allocated, also behind an extent of 0")
  func extents() throws {
    RawHDF5.write(path, empty: "x", extents: [0, 1 << 62, 1 << 62])
    expectError(.corrupt, file: path, position: "x", mentioning: "addressable") {
      _ = try HDF5File(reading: path).dataset("x")
    }
    RawHDF5.write(path, empty: "y", extents: [1, 1 << 61])
    for read in Self.reads {
      expectError(.corrupt, file: path, position: "y", mentioning: "addressable") {
        try read(HDF5File(reading: path).dataset("y"))
      }
    }
  }
}
