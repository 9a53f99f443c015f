import Foundation
import Storage

/// A checkpoint taken apart, changed, and written with the right checksum, as an attacker or a broken program could.
package struct RewrittenCheckpoint {
  /// The bytes before the sections.
  private let magic: [UInt8]
  package var sections: [(name: String, bytes: [UInt8])] = []

  /// Reads a complete checkpoint.
  package init(_ path: String) throws {
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    let start = (bytes.firstIndex(of: UInt8(ascii: "\n")) ?? 0) + 1
    magic = Array(bytes[..<start])
    var place = start
    func number() -> Int {
      defer { place += 8 }
      return bytes[place..<place + 8].withUnsafeBytes { $0.loadUnaligned(as: Int.self) }
    }
    func take(_ count: Int) -> [UInt8] {
      defer { place += count }
      return Array(bytes[place..<place + count])
    }
    while true {
      let name = String(decoding: take(number()), as: UTF8.self)
      let count = number()
      if name.isEmpty { break }
      sections.append((name, take(count)))
    }
  }

  package subscript(name: String) -> [UInt8] {
    get { sections.first { $0.name == name }?.bytes ?? [] }
    set { for index in sections.indices where sections[index].name == name { sections[index].bytes = newValue } }
  }

  package func write(_ path: String) throws {
    func bytes(_ number: Int) -> [UInt8] { withUnsafeBytes(of: number) { Array($0) } }
    let sum = Checksum()
    var all = magic
    for (name, content) in sections {
      all += bytes(name.utf8.count) + Array(name.utf8) + bytes(content.count) + content
    }
    all += bytes(0) + bytes(0)
    sum.update(all)
    try Data(all + Array(sum.value.utf8)).write(to: URL(fileURLWithPath: path))
  }
}
