import Formats
import Foundation
import Plan
import Storage

extension ReadStage {
  /// Options of `read` with one file per input.
  private static let parallel = ["tokens", "sequence-offsets", "sequence-lengths"]
  private static let longestName = 100

  package func parts(_ rule: ShardRule, of stage: StageDescription) throws -> [ShardPart] {
    let options = stage.options
    guard command == nil, standardInputs.isEmpty, rows == nil else {
      throw Problem(
        rule.place,
        "expected files to split, found \(rows != nil ? "a range of their rows" : "a stream that can be read only once")",
        advice: "leave \(rule.option) out, or name files")
    }
    let found = try self.files.flatMap { pattern in
      try InputFiles.expand([pattern.value]).map { (file: $0, name: Self.name($0, of: pattern.value)) }
    }
    let inputs = found.map(\.file)
    var files: [[String: String]] = inputs.map { ["files": $0] }
    for name in Self.parallel {
      guard let option = options[name] else { continue }
      let values = try ArrayFiles.expand(option.values.map(\.value))
      guard values.count == inputs.count else {
        throw Problem(
          option.place,
          "expected one file for each of \(inputs.count) inputs split into shards, found \(values.count)",
          advice: "split these files like the inputs, or leave \(rule.option) out")
      }
      for (index, value) in values.enumerated() { files[index][name] = value }
    }
    let names = Self.names(inputs, short: found.map(\.name))
    func option(_ name: String, _ range: Range<Int>) -> StageDescription.Option {
      StageDescription.Option(like: options[name], files[range].compactMap { $0[name] })
    }
    func part(_ range: Range<Int>) -> [String: StageDescription.Option] {
      Dictionary(
        uniqueKeysWithValues: (["files"] + Self.parallel).filter { options[$0] != nil }.map { ($0, option($0, range)) })
    }
    switch rule.size {
    case .files(let count):
      return stride(from: 0, to: inputs.count, by: count).map { first in
        ShardPart(
          name: names[first], suffix: count == 1 ? "" : ".\(count)-files",
          options: part(first..<min(first + count, inputs.count)))
      }
    case .rows(let count):
      let reading = try self.options()
      return try inputs.enumerated().flatMap { index, input in
        guard let rows = try RowCount.of(input, number: index, options: reading) else {
          throw Problem(
            rule.place,
            "expected files that allow seeking to any row, found \(input), which is a pipe or in Zstandard frames",
            advice: "split by shard-files, or write plain files with collapse write")
        }
        return stride(from: 0, to: max(rows, 1), by: count).map { first in
          let last = min(first + count, max(rows, 1)) - 1
          return ShardPart(
            name: "\(names[index]).\(first)-\(last)", suffix: "",
            options: part(index..<index + 1).merging([
              "rows": StageDescription.Option(like: options["files"], ["\(first)-\(last)"])
            ]) { $1 })
        }
      }
    }
  }

  /// A file's name without its extension and without the folders that the pattern spells out. The name stays the same
  /// when more files come to match.
  private static func name(_ file: String, of pattern: String) -> String {
    let (parts, patterns) = (components(file), components(pattern))
    let open = file == pattern ? nil : patterns.firstIndex { part in part.contains { "*?[".contains($0) } }
    return name(parts.suffix(max(parts.count - (open ?? parts.count), 1)).joined(separator: "/"))
  }

  private static func components(_ path: String) -> [Substring] {
    path.split(separator: "/", omittingEmptySubsequences: false)
  }

  /// Names of shards by their files. Names that would be equal include all folders.
  private static func names(_ files: [String], short: [String]) -> [String] {
    let counts = Dictionary(short.map { ($0, 1) }, uniquingKeysWith: +)
    let long = zip(files, short).map { (counts[$1] ?? 0) > 1 ? name($0) : $1 }
    var (seen, taken) = ([String: Int](), Set(long))
    return long.map { name in
      var count = (seen[name] ?? 0) + 1
      while count > 1, !taken.insert("\(name).\(count)").inserted { count += 1 }
      seen[name] = count
      return count == 1 ? name : "\(name).\(count)"
    }
  }

  private static func name(_ file: String) -> String {
    var stem = file
    for ending in [".zst", ".npy", ".h5", ".hdf5", ".safetensors.index.json", ".safetensors", ".bin"]
    where stem.hasSuffix(ending) && stem.count > ending.count {
      stem.removeLast(ending.count)
    }
    return String(MatrixValue.fileName(stem).suffix(longestName))
  }
}
