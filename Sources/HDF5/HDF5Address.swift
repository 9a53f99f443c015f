import CHDF5

/// Where an HDF5 object lies, whichever of its names it was opened by. Links may lead into other files.
package struct HDF5Address: Hashable {
  /// The library's number for the open file.
  let file: UInt
  let byte: haddr_t

  /// Nil if the library does not say. Call with the library locked.
  init?(_ object: hid_t) {
    var info = H5O_info_t()
    guard H5Oget_info2(object, &info, UInt32(H5O_INFO_BASIC)) >= 0 else { return nil }
    (file, byte) = (UInt(info.fileno), info.addr)
  }
}
