import TestSupport
import Testing

@testable import HDF5

@Suite("Storage of HDF5 datasets")
struct HDF5StorageTests {
  private let numbers = (0..<60).map { Double($0) }

  @Test("A contiguous dataset is where its bytes are, and not beyond the end of the file")
  func contiguous() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    RawHDF5.write(path, dataset: "before", [1, 2, 3], shape: [3])
    RawHDF5.write(path, dataset: "x", numbers, shape: [12, 5], as: .single)
    let bytes = try folder.read("a.h5")
    let dataset = try HDF5File(reading: path).dataset("x")
    guard case .contiguous(let offset) = try dataset.storage(fileSize: bytes.count) else {
      Issue.record("it is in one piece")
      return
    }
    #expect(Array(bytes[offset..<offset + 240]) == NPY.bytes(of: numbers.map { Float($0) }))
    #expect(try dataset.storage(fileSize: offset + 240) == .contiguous(offset: offset))
    for size in [offset + 239, offset, offset - 1, 0] {
      expectError(.corrupt, file: path, position: "x", mentioning: "240 bytes from byte \(offset)") {
        _ = try dataset.storage(fileSize: size)
      }
    }
  }

  @Test("Chunks are laid out by rows, positions and columns")
  func layout() throws {
    let pipeline = HDF5Pipeline(filters: [.deflate])
    let one = HDF5ChunkLayout(shape: [60], chunk: [7], elementBytes: 2, pipeline: pipeline)
    #expect(one.hasWholeRows && one.rowBytes == 2 && one.chunkBytes == 14)
    let two = HDF5ChunkLayout(shape: [12, 5], chunk: [4, 5], elementBytes: 4, pipeline: pipeline)
    #expect(two.hasWholeRows && two.rowBytes == 20 && two.chunkBytes == 80 && two.datasetRows == 12)
    let narrow = HDF5ChunkLayout(shape: [12, 5], chunk: [4, 3], elementBytes: 4, pipeline: pipeline)
    #expect(!narrow.hasWholeRows && narrow.rowBytes == 20 && narrow.chunkBytes == 48)
    let three = HDF5ChunkLayout(shape: [3, 4, 5], chunk: [2, 3, 5], elementBytes: 8, pipeline: pipeline)
    #expect(!three.hasWholeRows && three.rowBytes == 160 && three.chunkBytes == 240)
    #expect(three.positions == 3 && three.allPositions == 4 && three.columns == 5 && three.rank == 3)
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    RawHDF5.write(path, dataset: "x", numbers, shape: [12, 5], as: .single, chunk: [4, 3])
    #expect(try HDF5File(reading: path).dataset("x").storage(fileSize: 1 << 20) == .chunked(narrow))
  }

  @Test("Scalars and empty arrays have no storage; an external file is refused by name")
  func others() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    RawHDF5.write(path, scalar: "n", 42)
    RawHDF5.write(path, dataset: "none", [], shape: [0, 3])
    RawHDF5.write(folder.file("b.h5"), dataset: "x", numbers, shape: [60])
    RawHDF5.link(path, "x", to: "/x", of: "b.h5")
    let file = try HDF5File(reading: path)
    for name in ["n", "none"] { #expect(try file.dataset(name).storage(fileSize: 1 << 20) == .none) }
    expectError(.corrupt, file: path, position: "x", mentioning: "another file", "b.h5") {
      _ = try file.dataset("x").storage(fileSize: 1 << 20)
    }
  }

  @Test("Datasets whose elements are in other files are named for what they are")
  func elsewhere() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    let parts = ["p0.h5", "p1.h5", "p2.h5", "p3.h5", "p4.h5"]
    for part in parts { RawHDF5.write(folder.file(part), dataset: "x", numbers, shape: [60]) }
    RawHDF5.write(path, virtual: "x", of: parts, rows: 60)
    RawHDF5.write(path, virtual: "own", of: ["."], rows: 60)
    RawHDF5.write(path, external: "raw", in: "x.raw", rows: 60)
    let file = try HDF5File(reading: path)
    for (name, words) in [
      ("x", ["a virtual dataset, a view of datasets in p0.h5, p1.h5, p2.h5 and 2 more", "h5py.File(\"\(path)\")"]),
      ("own", ["a view of datasets in \(path)"]), ("raw", ["a dataset whose elements are in x.raw"]),
    ] {
      let dataset = try file.dataset(name)
      for read in [{ _ = try dataset.storage(fileSize: 1 << 20) }, { try dataset.checkStored() }] {
        let error = expectError(.corrupt, file: path, position: name, mentioning: "the file itself") { try read() }
        for word in words { #expect(error?.description.contains(word) == true, "\(error?.description ?? "")") }
      }
    }
  }

  @Test("Opaque elements of two bytes are bfloat16, unless their tag says something else")
  func opaque() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    RawHDF5.write(path, opaque: "a", [1, 2, 3, 4], shape: [2])
    RawHDF5.write(path, opaque: "b", [1, 2, 3, 4], shape: [2], tag: "bfloat16")
    RawHDF5.write(path, opaque: "c", [1, 2, 3, 4], shape: [2], tag: "NUMPY:datetime64")
    RawHDF5.write(path, opaque: "d", [1, 2, 3, 4], shape: [1])
    let file = try HDF5File(reading: path)
    let datasets = try ["a", "b", "c", "d"].map { try file.dataset($0) }
    #expect(datasets.map { $0.elementType?.name } == ["bfloat16", "bfloat16", nil, nil])
    #expect(datasets.map(\.typeName) == ["bfloat16", "bfloat16", "opaque of 2 bytes", "opaque of 4 bytes"])
    for dataset in datasets { #expect(dataset.isOpaque) }
  }

  @Test("More indices are left to the library")
  func four() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("a.h5")
    RawHDF5.write(file, dataset: "x", [Double](repeating: 1, count: 16), shape: [2, 2, 2, 2], chunk: [1, 1, 2, 2])
    let storage = try HDF5File(reading: file).dataset("/x").storage(fileSize: 1 << 20)
    #expect(storage == .byLibrary("it has 4 dimensions"))
  }

  @Test("Element types are distinguished by all their properties, byte order included")
  func types() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    for (float, name) in [(RawHDF5.Float.half, "h"), (.single, "s"), (.double, "d")] {
      RawHDF5.write(path, dataset: name, [1, 2], shape: [2], as: float)
    }
    RawHDF5.write(path, scalar: "n", 42)
    let file = try HDF5File(reading: path)
    let names = try ["h", "s", "d", "n"].map { try file.dataset($0).elementType?.name }
    #expect(names == ["float16", "float32", "float64", "int64"])
    // As h5py wrote them.
    let big = try HDF5File(reading: Fixtures.file("big-endian.h5"))
    let types = try big.datasetPaths().map { try big.dataset($0).elementType?.name ?? "none" }
    #expect(!types.isEmpty && types.allSatisfy { $0.hasSuffix("(big-endian)") })
  }
}
