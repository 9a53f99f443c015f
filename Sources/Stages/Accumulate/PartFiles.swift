import Foundation
import Storage

/// The files of the parts of a state: `moments.part-01.h5` … `moments.part-16.h5` for `moments.h5`.
enum PartFiles {
  /// The file of part `number`, from 1.
  static func file(_ number: Int, of parts: Int, beside whole: String) -> String {
    let ending = (whole as NSString).pathExtension
    // The mark of a part is no ending: parts of parts have their marks in order.
    guard !ending.isEmpty, !ending.hasPrefix("part-") else { return whole + mark(number, of: parts) }
    return (whole as NSString).deletingPathExtension + mark(number, of: parts) + "." + ending
  }

  /// All files, given the first.
  static func all(_ parts: Int, like first: String) -> [String] {
    guard let place = first.range(of: mark(1, of: parts), options: [.backwards, .literal]) else { return [first] }
    return (1...max(parts, 1)).map { first.replacingCharacters(in: place, with: mark($0, of: parts)) }
  }

  /// Names of files beside these parts that are named like parts too, left by a run with more of them.
  static func others(beside files: [String]) -> [String] {
    guard let first = files.first,
      let place = Files.name(of: first).range(of: mark(1, of: files.count), options: [.backwards, .literal])
    else { return [] }
    let (name, own) = (Files.name(of: first), Set(files.map(Files.name)))
    let (start, end) = (name[..<place.lowerBound] + ".part-", name[place.upperBound...])
    let names = (try? Files.names(in: Files.folder(of: first))) ?? []
    return names.filter { name in
      guard name.hasPrefix(start), name.hasSuffix(end), name.count > start.count + end.count else { return false }
      let number = name.dropFirst(start.count).dropLast(end.count)
      return number.allSatisfy { ("0"..."9").contains($0) } && !own.contains(name)
    }.sorted()
  }

  private static func mark(_ number: Int, of parts: Int) -> String {
    let digits = String(number)
    return ".part-" + String(repeating: "0", count: max("\(parts)".count - digits.count, 0)) + digits
  }
}
