import CHDF5
import Storage
import Support

/// The links on the way to an object. Only those within the file are followed: another file could be any that the user
/// may read, or a pipe that is never written.
///
/// ``HDF5Library`` replaces the library's class of external links by one that never opens a file. What is here says so
/// in words, before the library fails.
extension HDF5File {
  /// The most soft links on the way to an object, as in the library.
  private static let mostSoftLinks = 16

  /// Whether the file contains an object at `path`. Throws ``StreamError`` if a link on the way leads into another file.
  package func contains(_ path: String) throws -> Bool {
    guard !FileName.hasZero(path) else {
      throw failure(path, expected: "a name without the character U+0000", found: "that character")
    }
    return try HDF5Library.locked {
      var left = Self.mostSoftLinks
      return try leads(path, asked: path, softLinks: &left)
    }
  }

  private func leads(_ path: String, asked: String, softLinks left: inout Int) throws -> Bool {
    var prefix = ""
    for part in path.utf8.split(separator: UInt8(ascii: "/")).map({ String(Substring($0)) }) where part != "." {
      let next = prefix + "/" + part
      guard H5Lexists(handle.id, next, 0) > 0, let link = HDF5Link(handle.id, next) else { return false }
      switch link {
      case .hard: break
      case .soft(let target):
        guard left > 0 else {
          throw failure(next, expected: "at most \(Self.mostSoftLinks) soft links to an object", found: "more")
        }
        left -= 1
        let isAbsolute = target.utf8.first == UInt8(ascii: "/")
        guard try leads(isAbsolute ? target : prefix + "/" + target, asked: asked, softLinks: &left) else {
          return false
        }
      case .elsewhere(let words, let advice):
        throw StreamError(
          .corrupt, file: name, position: asked, expected: "elements in the file itself", found: words, advice: advice)
      }
      prefix = next
    }
    return true
  }
}

/// A link in a file.
enum HDF5Link {
  case hard
  /// To a path in the same file, from the group of the link unless it starts with a slash.
  case soft(String)
  /// Out of the file, or of a kind that only another program knows. In words, with advice.
  case elsewhere(String, advice: String)

  /// Names of files and paths are shorter.
  private static let longest = 1 << 16

  /// Nil if the library cannot read it. Call with the library locked.
  init?(_ place: hid_t, _ name: String) {
    var link = H5L_info_t()
    guard H5Lget_info(place, name, &link, 0) >= 0 else { return nil }
    if link.type == H5L_TYPE_HARD {
      self = .hard
      return
    }
    guard link.u.val_size <= Self.longest else { return nil }
    var value = [CChar](repeating: 0, count: link.u.val_size + 1)
    let isRead = H5Lget_val(place, name, &value, link.u.val_size, 0) >= 0
    if link.type == H5L_TYPE_SOFT {
      guard isRead else { return nil }
      self = .soft(value.withUnsafeBufferPointer { $0.baseAddress.map { FileName.text($0) } ?? "" })
    } else {
      let file = isRead && link.type == H5L_TYPE_EXTERNAL ? Self.file(&value, link.u.val_size) : nil
      self = .elsewhere(
        file.map { "a link into another file, \($0)" } ?? "a link of a kind that another program defines",
        advice: file == nil ? "copy what it leads to into this file" : "name that file instead of this one")
    }
  }

  /// The file that the value of an external link names.
  private static func file(_ value: UnsafeMutablePointer<CChar>, _ count: Int) -> String? {
    var (flags, file, path): (UInt32, UnsafePointer<CChar>?, UnsafePointer<CChar>?) = (0, nil, nil)
    guard count > 0, H5Lunpack_elink_val(value, count, &flags, &file, &path) >= 0 else { return nil }
    return file.map { FileName.text($0) }
  }
}
