import Formats
import Foundation

/// What can be told of the inputs of a stream without reading them.
package struct InputStamps: Sendable, Equatable, Codable {
  /// One input.
  struct Stamp: Sendable, Equatable, Codable {
    /// Its name, without the folders it is in: a corpus may have moved.
    let name: String
    /// Bytes of a regular file and of the shards it names; nil for a pipe.
    let size: Int?
    /// When one of them was changed last, in nanoseconds; nil for a pipe.
    let changed: Int?
    /// When anything about it was changed last, which nobody can set back, in nanoseconds, and its number: a file put in its
    /// place, or edited, with the time of change of the old one is seen. Of shards, the last time, and their numbers as one. Nil
    /// for a pipe.
    let noted: Int?
    let number: UInt64?
  }

  let inputs: [Stamp]

  /// - Parameter others: files that belong to an input, by its number, and are stamped with it.
  init(_ names: [String], with others: (Int) -> [String] = { _ in [] }) {
    inputs = names.enumerated().map { number, name in
      let label = (name as NSString).lastPathComponent
      let parts = ([name] + others(number)).flatMap(Formats.files).map { Self.look(at: $0) }
      let known = parts.compactMap(\.self)
      guard known.count == parts.count else {
        return Stamp(name: label, size: nil, changed: nil, noted: nil, number: nil)
      }
      return Stamp(
        name: label, size: known.reduce(0) { $0 + $1.size }, changed: known.map(\.changed).max(),
        noted: known.map(\.noted).max(), number: known.reduce(0) { $0 &* 31 &+ $1.number })
    }
  }

  /// Of a program nothing can be told, though its command be the name of a file.
  init(command: String) {
    inputs = [Stamp(name: command, size: nil, changed: nil, noted: nil, number: nil)]
  }

  /// A regular file as it is; nil where it is none.
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

  /// What makes this another stream than that one, in words; nil where nothing does.
  func difference(from other: InputStamps) -> String? {
    if inputs.count != other.inputs.count { return "\(other.inputs.count) input(s) then, \(inputs.count) now" }
    for (now, then) in zip(inputs, other.inputs) {
      if now.name != then.name { return "\(then.name) then, \(now.name) now" }
      if now.size != then.size {
        return "\(now.name) had \(Self.words(then.size)) then, has \(Self.words(now.size)) now"
      }
    }
    return nil
  }

  private static func words(_ size: Int?) -> String { size.map { "\($0) bytes" } ?? "no size, as a pipe has none" }

  /// Whether the first `count` of them are files that nobody touched since, so that one can go on within them.
  func areUntouched(since other: InputStamps, first count: Int) -> Bool {
    let (now, then) = (inputs.prefix(count), other.inputs.prefix(count))
    return now.allSatisfy { $0.size != nil } && now == then
  }
}
