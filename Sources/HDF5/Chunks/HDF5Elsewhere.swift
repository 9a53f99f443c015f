import CHDF5
import Storage
import Support

/// Datasets whose elements are in other files.
extension HDF5Dataset {
  /// Throws ``StreamError`` that names the other files: only this file's bytes are read and checked for changes.
  func checkInFile() throws {
    try HDF5Library.locked {
      try checkLink()
      let properties = try HDF5Handle(H5Dget_create_plist(handle.id), H5Pclose) { unreadable("a readable dataset") }
      switch H5Pget_layout(properties.id) {
      case H5D_VIRTUAL: throw virtual(properties.id)
      case H5D_CONTIGUOUS where H5Pget_external_count(properties.id) > 0: throw external(properties.id)
      default: break
      }
    }
  }

  /// Throws if a link led into another file.
  private func checkLink() throws {
    guard let own = HDF5Address(file.handle.id)?.file, let address, own != address.file else { return }
    let other = Self.text { H5Fget_name(handle.id, $0, $1) }
    throw elsewhere(
      found: "a link to a dataset in another file, \(other)", advice: "name that file instead of this one")
  }

  /// The error for a view of datasets in other files. The library would make up the elements of missing ones.
  private func virtual(_ properties: hid_t) -> StreamError {
    var count = 0
    guard H5Pget_virtual_count(properties, &count) >= 0 else { return unreadable("a readable dataset") }
    let files = (0..<count).map { index in Self.text { H5Pget_virtual_filename(properties, index, $0, $1) } }
    let others = files.map { $0 == "." ? file.name : $0 }
    return elsewhere(
      found: "a virtual dataset, a view of datasets in \(Self.list(others))",
      advice: "name the files and datasets that it shows, or \(copying)")
  }

  private func external(_ properties: hid_t) -> StreamError {
    let files = (0..<max(H5Pget_external_count(properties), 0)).map { index in
      Self.text { H5Pget_external(properties, UInt32(index), max($1 - 1, 0), $0, nil, nil) >= 0 ? 1 << 12 : 0 }
    }
    return elsewhere(found: "a dataset whose elements are in \(Self.list(files))", advice: copying)
  }

  /// How to make a file that holds the elements.
  private var copying: String {
    "copy it with h5py: new[\"\(path)\"] = h5py.File(\"\(file.name)\")[\"\(path)\"][:]"
  }

  private func elsewhere(found: String, advice: String) -> StreamError {
    StreamError(
      .corrupt, file: file.name, position: path, expected: "elements in the file itself", found: found, advice: advice)
  }

  /// Distinct names in order, at most three.
  private static func list(_ names: [String]) -> String {
    var seen: Set<String> = []
    let distinct = names.filter { seen.insert($0).inserted }
    let rest = distinct.count - 3
    return distinct.prefix(3).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }

  /// A text that the library writes into a buffer, once it has told the length; empty if it fails.
  private static func text(_ fill: (UnsafeMutablePointer<CChar>?, Int) -> Int) -> String {
    let length = fill(nil, 0)
    guard length > 0 else { return "" }
    var bytes = [CChar](repeating: 0, count: length + 1)
    _ = fill(&bytes, bytes.count)
    return bytes.withUnsafeBufferPointer { $0.baseAddress.map { FileName.text($0) } ?? "" }
  }
}
