import Samples
import Storage
import Support

/// The index of a Megatron-LM token file (`.idx`): the type of its integers, and the length of each sequence.
///
/// Little-endian: nine bytes `MMIDIDX\0\0`; version 1 (u64); a code for the type (u8); the numbers of sequences and of
/// documents (u64 each); the length of each sequence (i32); the byte at which it starts (i64); and the documents.
final class MegatronIndex {
  let name: String
  let size: Int
  let integrity: FileIntegrity
  /// The code for the type of the integers.
  let code: UInt8
  let sequences: Int

  private static let magic = Array("MMIDIDX\0\0".utf8)
  /// How the index of an older format starts, which is not read.
  private static let oldMagic = Array("TNTIDX\0\0".utf8)
  private static let headerBytes = 34

  /// Whether a file with this start is an index, of this format or the older one.
  static func recognizes(_ start: [UInt8]) -> Bool { start.starts(with: magic) || start.starts(with: oldMagic) }

  /// Whether there is such a file.
  static func recognizes(_ name: String) -> Bool {
    guard !FileBytes.isOnce(name), let file = try? FileBytes(name: name) else { return false }
    return (try? file.peek(magic.count)).map(recognizes) ?? false
  }

  /// Reads the header. Throws ``StreamError`` if it is damaged, or promises more than the file holds.
  init(_ name: String) throws {
    let file = try FileBytes(name: name)
    (self.name, integrity, size) = (name, file.integrity, file.size ?? 0)
    func wrong(_ expected: String, _ found: String) -> StreamError {
      StreamError(
        .badHeader, file: name, position: "its header", expected: expected, found: found,
        advice: "copy the index again, or write it with Megatron-LM's IndexedDatasetBuilder")
    }
    let header = try file.peek(Self.headerBytes)
    guard !header.starts(with: Self.oldMagic) else { throw wrong("MMIDIDX first", "TNTIDX, an older format") }
    guard file.size != nil, header.count == Self.headerBytes, header.starts(with: Self.magic) else {
      throw wrong(
        "\(Self.headerBytes) bytes, MMIDIDX first", "\(header.count) bytes (\(hexadecimal(header.prefix(6))))")
    }
    func number(_ place: Int) -> UInt64 { header[place..<place + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    guard number(9) == 1 else { throw wrong("version 1", "version \(number(9))") }
    code = header[17]
    let (sequences, documents) = (number(18), number(26))
    let room = UInt64(size - Self.headerBytes)
    guard sequences <= room / 12, documents <= room / 8, sequences * 12 + documents * 8 <= room else {
      throw wrong("room for \(sequences) sequences and \(documents) documents", "\(size) bytes in the file")
    }
    self.sequences = Int(sequences)
  }

  /// The type of the integers; nil if the code is unknown.
  var type: ElementType? {
    switch code {
    case 1: ElementType(kind: .unsigned, width: 1)
    case 2: ElementType(kind: .signed, width: 1)
    case 3: ElementType(kind: .signed, width: 2)
    case 4: ElementType(kind: .signed, width: 4)
    case 5: ElementType(kind: .signed, width: 8)
    case 6: ElementType(kind: .float, width: 8)
    case 7: ElementType(kind: .float, width: 4)
    case 8: ElementType(kind: .unsigned, width: 2)
    default: nil
    }
  }

  /// The number of token ids of all sequences. Throws ``StreamError`` if they do not lie one after another.
  func tokens(width: Int) throws -> Int {
    let lengths = try integers(width: 4, at: Self.headerBytes)
    let places = try integers(width: 8, at: Self.headerBytes + 4 * sequences)
    var (some, starts) = ([Int64](repeating: 0, count: 4096), [Int64](repeating: 0, count: 4096))
    var (end, sequence) = (0, 0)
    while true {
      let count = try some.withUnsafeMutableBufferPointer { try lengths.read(into: $0) }
      _ = try starts.withUnsafeMutableBufferPointer { try places.read(into: $0) }
      if count == 0 { return end / width }
      for (length, start) in zip(some[..<count], starts) {
        let (bytes, overflow) = Int(length).multipliedReportingOverflow(by: width)
        let (next, isTooLarge) = end.addingReportingOverflow(bytes)
        guard length >= 0, start == end, !overflow, !isTooLarge else {
          throw StreamError(
            .badOrder, file: name, position: "sequence \(sequence)",
            expected: "sequences one after another, this one from byte \(end)",
            found: "\(length) ids from byte \(start)",
            advice: "save the token ids with numpy.save, or give --raw with --token-type if every byte is a token id")
        }
        (end, sequence) = (next, sequence + 1)
      }
    }
  }

  private func integers(width: Int, at place: Int) throws -> StoredIntegers {
    StoredIntegers(
      try bytes(at: place), name: name, type: ElementType(kind: .signed, width: width), count: sequences)
  }

  fileprivate func bytes(at place: Int) throws -> FileBytes {
    let file = try FileBytes(name: name, integrity: integrity)
    _ = try file.skip(place)
    return file
  }

  /// The length of each sequence, as an array.
  fileprivate struct Lengths: StoredArray {
    let index: MegatronIndex

    static let name = "sequence_lengths"
    var path: String { Self.name }
    var shape: [Int] { [index.sequences] }
    var elementType: ElementType? { ElementType(kind: .signed, width: 4) }
    var typeName: String { "int32" }
    var position: String { "“\(path)”" }
    var storedBytes: Int { 4 * index.sequences }

    func bytes(from row: Int) throws -> any ByteSource { try index.bytes(at: headerBytes + 4 * row) }
  }
}

extension MegatronIndex: NamedArraysFile {
  var container: String { "Megatron index" }
  var integrities: [FileIntegrity] { [integrity] }

  func matching(_ options: ReadOptions) throws -> ArrayMatching {
    let lengths = Lengths(index: self)
    return ArrayMatching(
      file: name, names: options.arrays, uint16IsBFloat16: options.uint16IsBFloat16,
      [.init(path: lengths.path, shape: lengths.shape, type: lengths.elementType)])
  }

  func array(_ path: String) throws -> any StoredArray { Lengths(index: self) }
}

/// The index by itself: its sequence lengths can be named where bounds are asked for.
enum MegatronIndexFormat: Format {
  static let name = "Megatron index"

  static func recognizes(_ start: Start) -> Bool { MegatronIndex.recognizes(start.bytes) }

  static func open(_ file: PeekedFile) throws -> Opened { .named(try MegatronIndex(file.name)) }
}
