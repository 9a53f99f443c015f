import TestSupport
import Testing

@testable import Formats
@testable import HDF5
@testable import Samples
@testable import Storage

@Suite("Matrix file")
struct MatrixFileTests {
  /// A matrix of 5 × 3 numbers that every float type represents exactly.
  private let numbers = (0..<15).map { Double($0) * 0.25 - 1 }

  private func rows(_ tokens: [Int32]) -> Matrix {
    try! Matrix(rows: 5, columns: 3, elements: numbers).selecting(tokens.map(Int.init))
  }

  private func open(_ path: String, _ name: String? = nil) throws -> MatrixFile {
    try MatrixFile(TensorReference(name.map { "\(path)#\($0)" } ?? path))
  }

  private func expectRows(
    _ path: String, _ name: String? = nil, type: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = try open(path, name)
    #expect(file.rows == 5 && file.columns == 3 && file.typeName == type, sourceLocation: sourceLocation)
    for tokens in [[0, 1, 2, 3, 4], [4], [0], [1, 3], []] as [[Int32]] {
      #expect(try file.rows(of: tokens) == rows(tokens), sourceLocation: sourceLocation)
    }
    for count in [1, 2, 5, 9] {
      var (all, runs): ([Double], [Int]) = ([], [])
      try file.forEachRun(of: count) { run in
        all += run.elements
        runs.append(run.rows)
      }
      #expect(all == numbers && runs.allSatisfy { $0 <= count }, sourceLocation: sourceLocation)
    }
  }

  @Test("A bias is a vector: one in each container, and a matrix is refused")
  func column() throws {
    let folder = try TemporaryFolder()
    let bytes = NPY.bytes(of: numbers)
    let npy = try folder.write("b.npy", NPY.array("<f8", [15], bytes))
    let tensors = try folder.write("b.safetensors", Safetensors.file([("bias", "F64", [15], bytes)]))
    let hdf5 = try HDF5File(writing: folder.file("b.h5"), for: "b.h5")
    try hdf5.makeDataset("/bias", .float64, shape: [15]).writeAll(numbers, .float64)
    try hdf5.flush()
    for reference in [npy, "\(tensors)#bias", "\(folder.file("b.h5"))#bias"] {
      let file = try MatrixFile(TensorReference(reference), .column)
      #expect(file.rows == 15 && file.columns == 1)
      #expect(try file.rows(of: [2, 14]).elements == [numbers[2], numbers[14]])
      let error = #expect(throws: StreamError.self) { try MatrixFile(TensorReference(reference)) }
      #expect(error?.description.contains("expected a matrix of floats") == true)
    }
    let matrix = try folder.write("w.npy", NPY.array("<f8", [5, 3], bytes))
    let error = #expect(throws: StreamError.self) { try MatrixFile(TensorReference(matrix), .column) }
    #expect(error?.description.contains("expected a vector of floats") == true)
  }

  /// The numbers in each type, with its names in safetensors and NumPy.
  private var stored: [(safetensors: String, numpy: String, name: String, bytes: [UInt8])] {
    [
      ("F16", "<f2", "float16", NPY.bytes(of: numbers.map { Float16($0) })),
      ("BF16", "<V2", "bfloat16", NPY.bytes(of: numbers.map { UInt16(Float($0).bitPattern >> 16) })),
      ("F32", "<f4", "float32", NPY.bytes(of: numbers.map { Float($0) })),
      ("F64", "<f8", "float64", NPY.bytes(of: numbers)),
    ]
  }

  @Test("Rows of every float type are read from safetensors, wherever the tensor is")
  func safetensors() throws {
    let folder = try TemporaryFolder()
    for type in stored {
      let bytes = Safetensors.file([
        ("before", "U8", [7], Array(repeating: 0xFF, count: 7)),
        ("lm_head.weight", type.safetensors, [5, 3], type.bytes),
        ("embed", type.safetensors, [3, 5], type.bytes),
      ])
      let path = try folder.write("model.safetensors", bytes)
      try expectRows(path, "lm_head.weight", type: type.name)
      try expectRows(path, type: type.name)
    }
  }

  @Test("Rows of every float type are read from NPY, plain and compressed, little- and big-endian")
  func npy() throws {
    let folder = try TemporaryFolder()
    for type in stored {
      let array = NPY.array(type.numpy, [5, 3], type.bytes)
      try expectRows(folder.write("w.npy", array), type: type.name)
      try expectRows(folder.write("w.npy.zst", Zstd.frames(array, of: 50)), type: type.name)
    }
    let swapped = numbers.map(\.bitPattern.bigEndian)
    try expectRows(
      folder.write("big.npy", NPY.array(">f8", [5, 3], NPY.bytes(of: swapped))), type: "float64 (big-endian)")
  }

  @Test("Rows of any float type are read from HDF5, in chunks or not")
  func hdf5() throws {
    let folder = try TemporaryFolder()
    for (float, name) in [(RawHDF5.Float.half, "float16"), (.single, "float32"), (.double, "float64")] {
      let path = folder.file("\(name).h5")
      RawHDF5.write(path, dataset: "w", numbers, shape: [5, 3], as: float, chunkRows: 2)
      try expectRows(path, "w", type: name)
      try expectRows(path, "/w", type: name)
    }
  }

  @Test("A head stored d × V is read by its shape, in any container and order")
  func transposed() throws {
    let folder = try TemporaryFolder()
    let columns = (0..<3).flatMap { column in (0..<5).map { numbers[3 * $0 + column] } }
    let (rows, turned) = (NPY.bytes(of: numbers), NPY.bytes(of: columns))
    let h5 = folder.file("w.h5")
    RawHDF5.write(h5, dataset: "w", columns, shape: [3, 5], chunkRows: 2)
    let tensors = Safetensors.file([("w", "F64", [3, 5], turned), ("lm_head.weight", "F64", [3, 5], turned)])
    let big = NPY.bytes(of: columns.map(\.bitPattern.bigEndian))
    for (name, words) in [
      (try folder.write("v.npy", NPY.array("<f8", [5, 3], rows)), ""),
      (try folder.write("a.npy", NPY.array("<f8", [3, 5], turned)), ", stored d × V"),
      (try folder.write("b.npy", NPY.array(">f8", [3, 5], big)), ", stored d × V"),
      (try folder.write("c.npy.zst", Zstd.frames(NPY.array("<f8", [3, 5], turned), of: 50)), ", stored d × V"),
      (try folder.write("d.npy", NPY.array("<f8", [5, 3], turned, isColumnMajor: true)), ", column-major"),
      (try folder.write("e.npy", NPY.array("<f8", [3, 5], rows, isColumnMajor: true)), ", stored d × V, column-major"),
      (h5 + "#w", ", stored d × V"), (try folder.write("w.safetensors", tensors), ", the output head, stored d × V"),
    ] {
      let file = try MatrixFile(head: TensorReference(name), dimension: 3, rows: nil)
      #expect(file.rows == 5 && file.columns == 3 && file.choice.hasSuffix(words), "\(file.choice)")
      for tokens in [[0, 1, 2, 3, 4], [4], [1, 3], []] as [[Int32]] {
        #expect(try file.rows(of: tokens) == self.rows(tokens), "\(name)")
      }
      var all: [Double] = []
      try file.forEachRun(of: 2) { all += $0.elements }
      #expect(all == numbers, "\(name)")
    }
  }

  @Test("A head that is d × d is refused, unless the user says what its rows are")
  func square() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("w.npy", NPY.array("<f8", [2, 2], NPY.bytes(of: [1, 2, 3, 4] as [Double])))
    expectError(
      .badReference, file: path, mentioning: "--classifier-rows tokens", "--classifier-rows features", "[2, 2]"
    ) {
      _ = try MatrixFile(head: TensorReference(path), dimension: 2, rows: nil)
    }
    for (rows, expected) in [(ClassifierRows.tokens, [3, 4]), (.features, [2, 4])] as [(ClassifierRows, [Double])] {
      let file = try MatrixFile(head: TensorReference(path), dimension: 2, rows: rows)
      #expect(try file.rows(of: [1]).elements == expected)
    }
    #expect(try MatrixFile(head: TensorReference(path), dimension: 7, rows: nil).columns == 2)
  }

  @Test("A truncated head that is stored d × V is an error")
  func cutColumns() throws {
    let folder = try TemporaryFolder()
    let array = NPY.array("<f8", [3, 5], NPY.bytes(of: numbers))
    let path = try folder.write("w.npy.zst", Zstd.frame(Array(array.dropLast(1))))
    expectError(.truncated, file: path) {
      _ = try MatrixFile(head: TensorReference(path), dimension: 3, rows: nil).rows(of: [4])
    }
  }

  @Test("A token beyond the last row is an error that names it")
  func beyond() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("w.npy", NPY.array("<f8", [5, 3], NPY.bytes(of: numbers)))
    let file = try open(path)
    expectError(.badReference, file: path, mentioning: "token 5", "5 rows") { _ = try file.rows(of: [0, 5]) }
  }

  @Test("Anything but a matrix of floats is refused, saying what it is")
  func noMatrix() throws {
    let folder = try TemporaryFolder()
    func expectRefused(
      _ path: String, _ name: String? = nil, as found: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
      expectError(.badReference, mentioning: found, sourceLocation: sourceLocation) { _ = try open(path, name) }
    }
    let bytes = NPY.bytes(of: numbers)
    expectRefused(try folder.write("v.npy", NPY.array("<f8", [15], bytes)), as: "float64 of shape")
    expectRefused(try folder.write("c.npy", NPY.array("<f8", [5, 3, 1], bytes)), as: "[5, 3, 1]")
    expectRefused(try folder.write("i.npy", NPY.array("<i8", [5, 3], bytes)), as: "int64")
    expectRefused(try folder.write("f.npy", NPY.array("<f8", [5, 3], bytes, isColumnMajor: true)), as: "column-major")
    let tensors = try folder.write(
      "a.safetensors", Safetensors.file([("v", "F64", [15], bytes), ("i", "I64", [5, 3], bytes)]))
    expectRefused(tensors, "v", as: "float64 of shape [15]")
    expectRefused(tensors, "i", as: "int64 of shape [5, 3]")
    RawHDF5.write(folder.file("a.h5"), dataset: "v", numbers, shape: [15])
    expectRefused(folder.file("a.h5"), "v", as: "float64 of shape [15]")
    RawHDF5.write(folder.file("b.h5"), scalar: "n", 1)
    expectRefused(folder.file("b.h5"), "n", as: "int64")
  }

  @Test("A missing name of a tensor or dataset is answered with the existing ones")
  func missingName() throws {
    let folder = try TemporaryFolder()
    let tensors = try folder.write("a.safetensors", Safetensors.file([("w", "F64", [5, 3], NPY.bytes(of: numbers))]))
    expectError(.badReference, file: tensors, mentioning: "“x”", "w [5, 3]") { _ = try open(tensors, "x") }
    let path = folder.file("a.h5")
    RawHDF5.write(path, dataset: "w", numbers, shape: [5, 3])
    expectError(.badReference, file: path, mentioning: "/w") { _ = try open(path) }
    expectError(.corrupt, file: path, position: "x") { _ = try open(path, "x") }
  }

  @Test("A truncated matrix is an error, on opening or reading, and never gives short rows")
  func cut() throws {
    let folder = try TemporaryFolder()
    let array = NPY.array("<f8", [5, 3], NPY.bytes(of: numbers))
    for dropped in [1, 8, 24, 119, 120, 150] {
      let plain = try folder.write("w.npy", Array(array.dropLast(dropped)))
      expectError(.truncated, file: plain) { _ = try open(plain).rows(of: [4]) }
      let packed = try folder.write("w.npy.zst", Zstd.frame(Array(array.dropLast(dropped))))
      expectError(.truncated, file: packed) { _ = try open(packed).rows(of: [4]) }
    }
  }

  @Test("A file that became shorter after it was opened is an error")
  func shrunk() throws {
    let folder = try TemporaryFolder()
    let bytes = Safetensors.file([("w", "F64", [5, 3], NPY.bytes(of: numbers))])
    let path = try folder.write("a.safetensors", bytes)
    let file = try open(path)
    try folder.write("a.safetensors", Array(bytes.dropLast(1)))
    expectError(.unknownFormat, file: path, mentioning: "“w” outside the file") { _ = try file.rows(of: [4]) }
  }

  @Test("Rows of a tebibyte are refused by the header, in any container")
  func hugeRows() throws {
    let folder = try TemporaryFolder()
    let array = NPY.array("<f8", [1, 1 << 37], [0, 0])
    expectError(.badReference, mentioning: "\(1 << 37)") { _ = try open(folder.write("w.npy.zst", Zstd.frame(array))) }
    let tensor = Safetensors.file("{\(Safetensors.entry("w", "F64", [1, 1 << 37], 0, 1 << 40))}", [0, 0])
    expectError(.unknownFormat) { _ = try open(folder.write("w.safetensors", tensor)) }
    let path = folder.file("a.h5")
    _ = try HDF5File(writing: path, for: path).makeDataset("/w", .float64, shape: [1, 1 << 37])
    expectError(.corrupt, mentioning: "\(1 << 37)") { _ = try open(path, "w") }
  }

  @Test("A dataset that was created but never written has no rows to read")
  func neverWritten() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    _ = try HDF5File(writing: path, for: path).makeDataset("/w", .float64, shape: [5, 3])
    expectError(.corrupt, file: path, position: "w") { _ = try open(path, "w") }
  }

  @Test("A missing file, a directory, an empty file and another format are refused")
  func noFile() throws {
    let folder = try TemporaryFolder()
    expectError(.missing, file: folder.file("missing")) { _ = try open(folder.file("missing"), "w") }
    expectError(.notAFile) { _ = try open(folder.path) }
    expectError(.empty) { _ = try open(folder.write("empty", [])) }
    expectError(.unknownFormat, mentioning: "safetensors") {
      _ = try open(folder.write("text", Array("no matrix of any kind".utf8)))
    }
    expectError(.truncated) { _ = try open(folder.write("empty.zst", Zstd.frame([]))) }
  }

  @Test("A pipe is refused, because it cannot be read twice", .timeLimit(.minutes(5)))
  func pipe() throws {
    let folder = try TemporaryFolder()
    let path = try folder.pipe("w.npy", of: NPY.array("<f8", [5, 3], NPY.bytes(of: numbers)))
    expectError(.badReference, file: path, mentioning: "a pipe") { _ = try open(path) }
  }

  @Test("Rows that are not needed are skipped without reading, even 2^31 of them", .timeLimit(.minutes(5)))
  func manyRows() throws {
    let folder = try TemporaryFolder()
    let array = NPY.array("<f4", [1 << 31, 0], [])
    for path in [try folder.write("a.npy", array), try folder.write("a.npy.zst", Zstd.frame(array))] {
      #expect(try open(path).rows(of: [.max]) == Matrix(rows: 1, columns: 0))
    }
  }

  @Test("A matrix without rows or columns is readable")
  func empty() throws {
    let folder = try TemporaryFolder()
    let none = try open(folder.write("a.npy", NPY.array("<f4", [0, 3], [])))
    #expect(none.rows == 0 && none.columns == 3)
    #expect(try none.rows(of: []) == Matrix(rows: 0, columns: 3))
    let narrow = try open(folder.write("b.npy", NPY.array("<f4", [3, 0], [])))
    #expect(try narrow.rows(of: [0, 2]) == Matrix(rows: 2, columns: 0))
  }
}
