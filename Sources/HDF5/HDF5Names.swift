// The names are those of the library.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CHDF5
import Support

/// The library's calls on files, links and attributes, for names as text (``FileName``): HDF5 keeps any bytes in a name,
/// as the system does. The compiler prefers these functions to the library's.

func H5Fopen(_ name: String, _ flags: UInt32, _ access: hid_t) -> hid_t {
  FileName.withBytes(of: name) { CHDF5.H5Fopen($0, flags, access) }
}

func H5Fcreate(_ name: String, _ flags: UInt32, _ creation: hid_t, _ access: hid_t) -> hid_t {
  FileName.withBytes(of: name) { CHDF5.H5Fcreate($0, flags, creation, access) }
}

func H5Oopen(_ place: hid_t, _ name: String, _ access: hid_t) -> hid_t {
  FileName.withBytes(of: name) { CHDF5.H5Oopen(place, $0, access) }
}

func H5Dopen2(_ place: hid_t, _ name: String, _ access: hid_t) -> hid_t {
  FileName.withBytes(of: name) { CHDF5.H5Dopen2(place, $0, access) }
}

func H5Lexists(_ place: hid_t, _ name: String, _ access: hid_t) -> htri_t {
  FileName.withBytes(of: name) { CHDF5.H5Lexists(place, $0, access) }
}

func H5Lget_info(
  _ place: hid_t, _ name: String, _ link: UnsafeMutablePointer<H5L_info_t>, _ access: hid_t
) -> herr_t {
  FileName.withBytes(of: name) { CHDF5.H5Lget_info(place, $0, link, access) }
}

func H5Lget_val(
  _ place: hid_t, _ name: String, _ value: UnsafeMutableRawPointer, _ count: Int, _ access: hid_t
) -> herr_t {
  FileName.withBytes(of: name) { CHDF5.H5Lget_val(place, $0, value, count, access) }
}

func H5Aexists(_ place: hid_t, _ name: String) -> htri_t {
  FileName.withBytes(of: name) { CHDF5.H5Aexists(place, $0) }
}

func H5Aopen(_ place: hid_t, _ name: String, _ access: hid_t) -> hid_t {
  FileName.withBytes(of: name) { CHDF5.H5Aopen(place, $0, access) }
}
