import CHDF5

/// Where an object of an HDF5 file lies, by whichever of its names it was opened: links may lead into other files.
package struct HDF5Address: Hashable {
  /// The number the library has given to the open file.
  let file: UInt
  let byte: haddr_t

  /// Nil where the library does not say. Called with the library locked.
  init?(_ object: hid_t) {
    var info = H5O_info_t()
    guard H5Oget_info2(object, &info, UInt32(H5O_INFO_BASIC)) >= 0 else { return nil }
    (file, byte) = (UInt(info.fileno), info.addr)
  }
}
