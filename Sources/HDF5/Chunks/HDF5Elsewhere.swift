import CHDF5
import Storage
import Support

/// Datasets whose elements are in other files.
extension HDF5Dataset {
  /// The error that names those files, for whatever reads the elements; nil if they are in the file. Only this file's
  /// bytes are read and checked for changes.
  static func elsewhere(_ handle: HDF5Handle, _ path: String, of file: HDF5File) throws -> StreamError? {
    let properties = try HDF5Handle(H5Dget_create_plist(handle.id), H5Pclose) {
      file.failure(path, expected: "a readable dataset")
    }
    func error(_ found: String, advice: String) -> StreamError {
      StreamError(
        .corrupt, file: file.name, position: path, expected: "elements in the file itself", found: found,
        advice: advice)
    }
    // How to make a file that holds the elements.
    let copying = "copy it with h5py: new[\"\(path)\"] = h5py.File(\"\(file.name)\")[\"\(path)\"][:]"
    switch H5Pget_layout(properties.id) {
    case H5D_VIRTUAL:
      return error(
        "a virtual dataset, a view of datasets in \(list(virtualFiles(properties.id, file)))",
        advice: "name the files and datasets that it shows, or \(copying)")
    case H5D_CONTIGUOUS where H5Pget_external_count(properties.id) != 0:
      return error("a dataset whose elements are in \(list(externalFiles(properties.id)))", advice: copying)
    default: return nil
    }
  }

  /// Whether a dataset is a view that grows with the files it shows. The library opens them for its extents.
  static func growsWithOthers(_ handle: HDF5Handle) -> Bool {
    let properties = H5Dget_create_plist(handle.id)
    defer { H5Pclose(properties) }
    var count = 0
    guard H5Pget_layout(properties) == H5D_VIRTUAL else { return false }
    guard H5Pget_virtual_count(properties, &count) >= 0, count <= mostFiles else { return true }
    return (0..<count).contains { index in
      let part = H5Pget_virtual_vspace(properties, index)
      defer { H5Sclose(part) }
      return H5Sget_select_npoints(part) < 0
    }
  }

  /// The files of a view. The library would make up the elements of missing ones.
  private static func virtualFiles(_ properties: hid_t, _ file: HDF5File) -> [String] {
    var count = 0
    guard H5Pget_virtual_count(properties, &count) >= 0 else { return ["other files"] }
    return (0..<min(count, mostFiles)).map { index in
      let other = text { H5Pget_virtual_filename(properties, index, $0, $1) }
      return other == "." ? file.name : other
    }
  }

  private static func externalFiles(_ properties: hid_t) -> [String] {
    (0..<min(max(Int(H5Pget_external_count(properties)), 0), mostFiles)).map { index in
      text { H5Pget_external(properties, UInt32(index), max($1 - 1, 0), $0, nil, nil) >= 0 ? 1 << 12 : 0 }
    }
  }

  /// The most files of a view to look at.
  private static let mostFiles = 10_000

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
