import Formats
import Foundation
import Support

/// What is known about the inputs of a stream without reading them.
package struct InputStamps: Sendable, Equatable, Codable {
  /// One input.
  struct Stamp: Sendable, Equatable, Codable {
    /// File name without folders, because a corpus may move.
    let name: String
    /// Total bytes of a regular file and the shards it names; nil for a pipe.
    let size: Int?
    /// Latest modification time in nanoseconds; nil for a pipe.
    let changed: Int?
    /// Latest status change time (ctime) in nanoseconds, which nobody can set back, and the inode number. They reveal a
    /// file that was edited or replaced with its old modification time restored. For shards, the latest time and a
    /// combination of their inodes. Nil for a pipe.
    let noted: Int?
    let number: UInt64?
  }

  let inputs: [Stamp]

  /// - Parameter others: files that belong to an input, by its index, and share its stamp.
  init(_ names: [String], with others: (Int) -> [String] = { _ in [] }) {
    inputs = names.enumerated().map { number, name in
      let label = (name as NSString).lastPathComponent
      let parts = ([name] + others(number)).flatMap(Formats.files).map { Self.look(at: $0) }
      let known = parts.compactMap(\.self)
      guard known.count == parts.count else {
        return Stamp(name: label, size: nil, changed: nil, noted: nil, number: nil)
      }
      return Stamp(
        name: label, size: .saturatingSum(known.map(\.size)), changed: known.map(\.changed).max(),
        noted: known.map(\.noted).max(), number: known.reduce(0) { $0 &* 31 &+ $1.number })
    }
  }

  /// A program's output has no stamp, even if the command is the name of a file.
  init(command: String) {
    inputs = [Stamp(name: command, size: nil, changed: nil, noted: nil, number: nil)]
  }

  /// The current state of a regular file; nil for anything else.
  private static func look(at name: String) -> (size: Int, changed: Int, noted: Int, number: UInt64)? {
    var status = stat()
    guard name != "-", stat(name, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    #if canImport(Glibc)
      let (changed, noted) = (status.st_mtim, status.st_ctim)
    #else
      let (changed, noted) = (status.st_mtimespec, status.st_ctimespec)
    #endif
    return (Int(status.st_size), nanoseconds(changed), nanoseconds(noted), UInt64(status.st_ino))
  }

  private static func nanoseconds(_ time: timespec) -> Int { time.tv_sec &* 1_000_000_000 &+ time.tv_nsec }

  /// How this stream differs from `other`, in words; nil if it does not. Files of the same names may have changed; then
  /// their samples are compared.
  func difference(from other: InputStamps) -> String? {
    if inputs.count != other.inputs.count { return "\(other.inputs.count) input(s) before, \(inputs.count) now" }
    for (now, then) in zip(inputs, other.inputs) {
      if now.name != then.name { return "\(then.name) before, \(now.name) now" }
      if (now.size == nil) != (then.size == nil) {
        return "\(now.name) was \(Self.words(then)), is \(Self.words(now)) now"
      }
    }
    return nil
  }

  private static func words(_ stamp: Stamp) -> String { stamp.size == nil ? "a pipe" : "a file" }

  /// Whether the first `count` inputs differ in their status change times at most, and the others not at all.
  func isSame(as other: InputStamps, exceptStatusOfFirst count: Int) -> Bool {
    guard inputs.count == other.inputs.count else { return false }
    return zip(inputs, other.inputs).enumerated().allSatisfy { place, pair in
      place < count
        ? pair.0.size != nil && pair.0.size == pair.1.size && pair.0.changed == pair.1.changed
          && pair.0.number == pair.1.number && pair.0.name == pair.1.name
        : pair.0 == pair.1
    }
  }

  /// Whether the first `count` inputs are files that nobody touched since, so that reading can resume within them.
  func areUntouched(since other: InputStamps, first count: Int) -> Bool {
    let (now, then) = (inputs.prefix(count), other.inputs.prefix(count))
    return now.allSatisfy { $0.size != nil } && now == then
  }
}
