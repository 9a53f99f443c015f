import Support

/// The names of the hidden files that belong to an output. No output may have such a name; see ``isReserved(_:in:)``.
///
/// For an output `NAME`, or the file that it links to:
///
/// - `.NAME.lock`: exists while a run writes it; see ``OutputLock``
/// - `.NAME.checkpoint`, `.NAME.checkpoint.previous`: what an unfinished run resumes from
/// - `.collapse/NAME.json`: what it was made from
/// - `.FILE.TOKEN.partial`: `NAME` or one of the above while it is written
///
/// Each hidden file belongs to one output exactly:
///
/// - A token has no dot, so the temporary files of `o.npy.zst` do not belong to `o.npy`.
/// - An output may not be called `.o.lock` or the like, so no temporary file of its own looks like one of `o`'s.
/// - A name of more than ``longest`` bytes leaves no room for these additions. A longer text stands for it, which ends
///   with its checksum. So it is never equal to a shorter name.
/// - Names are compared byte by byte, as the file system does. Swift takes `é` in one and in two scalars for equal.
package struct OutputFiles: Sendable {
  /// The folder that the output is in, with links followed.
  package let folder: String
  package let name: String
  /// The name, or what stands for it in the names of hidden files.
  private let stem: String

  package init(_ output: String) {
    let target = Files.resolved(output)
    (folder, name) = (Files.folder(of: target), Files.name(of: target))
    stem = Self.stem(of: name)
  }

  /// The hidden files for all figures in a folder. One report at a time writes there.
  package init(figuresIn folder: String) {
    (self.folder, name, stem) = (Files.resolved(folder), Self.figures, Self.figures)
  }

  package var lock: String { place(lockName) }
  package var checkpoint: String { place(checkpointName) }
  package var previousCheckpoint: String { checkpoint + ".previous" }
  /// The record of what the output was made from.
  package var record: String { Files.path(recordFolder, recordName) }

  private var lockName: String { ".\(stem).lock" }
  private var checkpointName: String { ".\(stem).checkpoint" }
  private var recordName: String { "\(stem).json" }
  package var recordFolder: String { place(Self.records) }

  private func place(_ file: String) -> String { Files.path(folder, file) }

  /// The files whose temporary files belong to the output, by folder.
  var temporaryFor: [(folder: String, files: [String])] {
    [(folder, [stem, lockName, checkpointName]), (recordFolder, [recordName])]
  }

  private static let records = ".collapse"
  /// What the temporary names of figures say they are for.
  package static let figures = ".figures"

  /// Whether a name is one that only hidden files have.
  static func isReserved(_ name: String, in folder: String) -> Bool {
    let (name, folder) = (Array(name.utf8), Array(Files.name(of: folder).utf8))
    func ends(_ ending: String) -> Bool { name.suffix(ending.utf8.count).elementsEqual(ending.utf8) }
    guard folder != Array(records.utf8) else { return true }
    return name.first == UInt8(ascii: ".")
      && ([".lock", ".checkpoint", ".checkpoint.previous"].contains(where: ends)
        || [records, figures].contains { name.elementsEqual($0.utf8) } || parts(ofTemporary: name) != nil)
  }

  /// Throws ``StreamError`` if an output has the name of a hidden file.
  static func check(_ output: String) throws {
    let files = OutputFiles(output)
    guard isReserved(files.name, in: files.folder) else { return }
    throw StreamError(
      .cannotWrite, file: output, expected: "a name for an output",
      found: "one that collapse uses for its own files, such as locks and checkpoints", advice: "choose another name")
  }

  // MARK: Long names

  /// The most bytes of a name that is used as it is.
  static let longest = 180
  /// Bytes of a longer name that its stem begins with. With the checksum it has more than ``longest`` bytes, and with
  /// all additions at most 255.
  private static let kept = 187

  private static func stem(of name: String) -> String {
    guard FileName.bytes(name).count > longest else { return name }
    var (start, bytes) = ("", 0)
    for scalar in name.unicodeScalars {
      bytes += FileName.bytes(String(scalar)).count
      guard bytes <= kept else { break }
      start.unicodeScalars.append(scalar)
    }
    let sum = Checksum()
    sum.update(FileName.bytes(name))
    return "\(start)~\(sum.value)"
  }

  // MARK: Temporary files

  /// A new name for a temporary file or folder of the output.
  func newTemporaryName() -> String { Self.temporary(for: stem) }

  /// A new name for a temporary file of `file`.
  static func temporary(for file: String, token: String = token()) -> String { ".\(file).\(token).partial" }

  /// A new path for a temporary file of the output or hidden file `path`, in its folder.
  static func temporary(beside path: String, token: String = token()) -> String {
    let (folder, name) = (Files.folder(of: path), Files.name(of: path))
    let file = isReserved(name, in: folder) ? name : stem(of: name)
    return Files.path(folder, temporary(for: file, token: token))
  }

  /// The file that a temporary file is for, as bytes; nil if `name` is not that of a temporary file.
  static func file(ofTemporary name: String) -> [UInt8]? { parts(ofTemporary: Array(name.utf8)).map { Array($0) } }

  private static func parts(ofTemporary name: [UInt8]) -> ArraySlice<UInt8>? {
    let (dot, ending) = (UInt8(ascii: "."), Array(".partial".utf8))
    guard name.first == dot, name.count > ending.count, name.suffix(ending.count).elementsEqual(ending) else {
      return nil
    }
    let middle = name.dropFirst().dropLast(ending.count)
    guard let last = middle.lastIndex(of: dot), last > middle.startIndex, isToken(middle[(last + 1)...]) else {
      return nil
    }
    return middle[..<last]
  }

  /// Random, and impossible to guess.
  static func token() -> String { token(.random(in: .min ... .max)) }

  /// The token that stands for some bytes.
  static func token(for bytes: [UInt8]) -> String {
    let sum = Checksum()
    sum.update(bytes)
    return token(UInt64(sum.value.prefix(16), radix: 16) ?? 0)
  }

  private static func token(_ number: UInt64) -> String {
    let digits = String(number, radix: 36)
    return String(repeating: "0", count: tokenLength - digits.count) + digits
  }

  private static let tokenLength = 13

  /// Tokens of earlier releases lack leading zeros.
  private static func isToken(_ text: ArraySlice<UInt8>) -> Bool {
    (tokenLength - 3...tokenLength).contains(text.count)
      && text.allSatisfy { (48...57).contains($0) || (97...122).contains($0) }
  }
}
