import CHDF5

/// Walks through the groups of a file.
struct HDF5Walk {
  private let most: Int
  private(set) var paths: [String] = []
  /// Whether the walk stopped early and may have missed some.
  private(set) var isCut = false
  /// The first object that a hard link leads to but that cannot be opened.
  private(set) var unreadable: (path: String, reason: String)?
  private var links = 0
  private var entered: Set<HDF5Address> = []

  init(most: Int) { self.most = most }

  mutating func enter(_ group: hid_t, prefix: String, depth: Int) {
    var info = H5G_info_t()
    guard depth > 0, let address = HDF5Address(group), entered.insert(address).inserted, H5Gget_info(group, &info) >= 0
    else { return }
    var index: hsize_t = 0
    while index < info.nlinks {
      guard paths.count < most, links < 10 * most else {
        isCut = true
        return
      }
      if let name = Self.linkName(group, index) { follow(name, of: group, prefix: prefix, depth: depth) }
      index += 1
      links += 1
    }
  }

  private static func linkName(_ group: hid_t, _ index: hsize_t) -> String? {
    var text = [CChar](repeating: 0, count: 1024)
    guard H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, &text, text.count, 0) > 0 else {
      return nil
    }
    return text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } }
  }

  private mutating func follow(_ name: String, of group: hid_t, prefix: String, depth: Int) {
    let object = H5Oopen(group, name, 0)
    guard object >= 0 else {
      // Soft and external links may dangle; only hard links count.
      let reason = HDF5Library.lastError
      var link = H5L_info_t()
      if unreadable == nil, H5Lget_info(group, name, &link, 0) >= 0, link.type == H5L_TYPE_HARD {
        unreadable = (prefix + "/" + name, reason)
      }
      return
    }
    defer { H5Oclose(object) }
    switch H5Iget_type(object) {
    case H5I_DATASET: paths.append(prefix + "/" + name)
    case H5I_GROUP: enter(object, prefix: prefix + "/" + name, depth: depth - 1)
    default: break
    }
  }
}
