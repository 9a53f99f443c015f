import Foundation

/// The names of the hidden files that belong to an output. Nothing else makes such names.
///
/// For an output `NAME`, or the file that it links to:
///
/// - `.NAME.lock`: exists while a run writes it; see ``OutputLock``
/// - `.NAME.checkpoint`, `.NAME.checkpoint.previous`: what an unfinished run resumes from
/// - `.collapse/NAME.json`: what it was made from
/// - `.FILE.TOKEN.partial`: `NAME` or one of the above while it is written. A token has no dot, so the temporary files
///   of `o.npy.zst` do not belong to `o.npy`.
package struct OutputFiles: Sendable {
  /// The folder that the output is in, with links followed.
  package let folder: String
  package let name: String

  package init(_ output: String) {
    let target = Files.resolved(output) as NSString
    (folder, name) = (target.deletingLastPathComponent, target.lastPathComponent)
  }

  package var lock: String { place(lockName) }
  package var checkpoint: String { place(checkpointName) }
  package var previousCheckpoint: String { checkpoint + ".previous" }
  /// The record of what the output was made from.
  package var record: String { "\(recordFolder)/\(recordName)" }

  private var lockName: String { ".\(name).lock" }
  private var checkpointName: String { ".\(name).checkpoint" }
  private var recordName: String { "\(name).json" }
  private var recordFolder: String { place(".collapse") }

  private func place(_ file: String) -> String { (folder as NSString).appendingPathComponent(file) }

  /// The files whose temporary files belong to the output, by folder.
  var temporaryFor: [String: [String]] {
    [folder: [name, lockName, checkpointName], recordFolder: [recordName]]
  }

  /// A new name for a temporary file of `file`.
  static func temporary(for file: String) -> String { ".\(file).\(token()).partial" }

  /// A new path for a temporary file of the file `path`, in its folder.
  static func temporary(beside path: String) -> String {
    let folder = (path as NSString).deletingLastPathComponent as NSString
    return folder.appendingPathComponent(temporary(for: (path as NSString).lastPathComponent))
  }

  /// The file that a temporary file is for; nil if `name` is not that of a temporary file.
  static func file(ofTemporary name: String) -> String? {
    guard name.hasPrefix("."), name.hasSuffix(".partial") else { return nil }
    let middle = name.dropFirst().dropLast(".partial".count)
    guard let dot = middle.lastIndex(of: "."), dot > middle.startIndex, isToken(middle[middle.index(after: dot)...])
    else { return nil }
    return String(middle[..<dot])
  }

  /// Random, and impossible to guess.
  static func token() -> String {
    let digits = String(UInt64.random(in: .min ... .max), radix: 36)
    return String(repeating: "0", count: tokenLength - digits.count) + digits
  }

  private static let tokenLength = 13

  /// Tokens of earlier releases lack leading zeros.
  private static func isToken(_ text: Substring) -> Bool {
    (tokenLength - 3...tokenLength).contains(text.utf8.count)
      && text.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) }
  }
}
