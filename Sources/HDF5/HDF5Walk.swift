import CHDF5
import Support

/// Walks through the groups of a file, however deep they are.
///
/// The names of a group are listed once: asking for them one by one would take quadratic time in new kinds of groups.
struct HDF5Walk {
  /// A group whose links are being followed.
  private struct Level {
    /// Nil for the group that the walk starts in.
    let group: HDF5Handle?
    let id: hid_t
    let prefix: String
    var names: ArraySlice<String>
  }

  private let most: Int
  private(set) var paths: [String] = []
  /// Whether the walk stopped early and may have missed some.
  private(set) var isCut = false
  /// The first group that cannot be listed, object that a hard link leads to but that cannot be opened, or link out of
  /// the file.
  private(set) var unreadable: (path: String, reason: String)?
  private var links = 0
  private var entered: Set<HDF5Address> = []
  /// The group being walked through, and those it lies in.
  private var levels: [Level] = []

  init(most: Int) { self.most = most }

  /// Walks through a group and all groups in it.
  mutating func enter(_ group: hid_t) {
    push(group, nil, prefix: "")
    while let level = levels.last {
      guard let name = level.names.first else {
        levels.removeLast()
        continue
      }
      guard paths.count < most, links < 10 * most else {
        isCut = true
        levels = []
        return
      }
      levels[levels.count - 1].names.removeFirst()
      links += 1
      follow(name, of: level)
    }
  }

  private mutating func push(_ group: hid_t, _ handle: HDF5Handle?, prefix: String) {
    guard let address = HDF5Address(group), entered.insert(address).inserted else { return }
    let names = LinkNames()
    // One more than may be followed shows that there are more.
    names.room = 10 * most - links + 1
    let status = H5Literate(
      group, H5_INDEX_NAME, H5_ITER_INC, nil, { _, name, _, names in LinkNames.take(name, names) },
      Unmanaged.passUnretained(names).toOpaque())
    if status < 0, unreadable == nil { unreadable = (prefix.isEmpty ? "/" : prefix, HDF5Library.lastError) }
    levels.append(Level(group: handle, id: group, prefix: prefix, names: names.found[...]))
  }

  private mutating func follow(_ name: String, of level: Level) {
    let path = level.prefix + "/" + name
    guard let object = try? HDF5Handle(H5Oopen(level.id, name, 0), H5Oclose, orThrow: { CancellationError() }) else {
      // Soft links may dangle. Hard links may not, and others lead out of the file.
      let reason = HDF5Library.lastError
      guard unreadable == nil else { return }
      switch HDF5Link(level.id, name) {
      case .hard: unreadable = (path, reason)
      case .elsewhere(let words, _): unreadable = (path, words)
      case .soft, nil: break
      }
      return
    }
    switch H5Iget_type(object.id) {
    case H5I_DATASET: paths.append(path)
    case H5I_GROUP: push(object.id, object, prefix: path)
    default: break
    }
  }
}

/// The names of a group's links, as the library lists them.
private final class LinkNames {
  var found: [String] = []
  var room = 0

  /// Keeps one name; 1 ends the listing.
  static func take(_ name: UnsafePointer<CChar>?, _ names: UnsafeMutableRawPointer?) -> herr_t {
    guard let name, let names else { return -1 }
    let list = Unmanaged<LinkNames>.fromOpaque(names).takeUnretainedValue()
    list.found.append(FileName.text(name))
    return list.found.count < list.room ? 0 : 1
  }
}
