import CHDF5
import Support

/// An attribute of a file's root group.
package enum HDF5Attribute: Sendable, Equatable {
  case int(Int)
  case text(String)
}

extension HDF5File {
  /// Writes an attribute of the root group. Text becomes a fixed-length UTF-8 string.
  ///
  /// Variable-length strings would lie in a heap without checksums, and the library crashes if that is damaged.
  package func setAttribute(_ name: String, _ value: HDF5Attribute) throws {
    try HDF5Library.locked {
      let failure = { self.failure("attribute \(name)", expected: "a new attribute") }
      let space = try HDF5Handle(H5Screate(H5S_SCALAR), H5Sclose, orThrow: failure)
      switch value {
      case .int(let number):
        let attribute = try HDF5Handle(
          H5Acreate2(handle.id, name, collapse_h5t_std_i64le(), space.id, 0, 0), H5Aclose, orThrow: failure)
        var number = Int64(number)
        guard H5Awrite(attribute.id, collapse_h5t_native_int64(), &number) >= 0 else { throw failure() }
      case .text(let text):
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.longestText else { throw failure() }
        let type = try textType(max(bytes.count, 1), orThrow: failure)
        let attribute = try HDF5Handle(
          H5Acreate2(handle.id, name, type.id, space.id, 0, 0), H5Aclose, orThrow: failure)
        guard H5Awrite(attribute.id, type.id, bytes.isEmpty ? [0] : bytes) >= 0 else { throw failure() }
      }
    }
  }

  /// The most bytes in a text. The provenance of a million inputs is shorter.
  private static let longestText = 1 << 28

  /// The type of zero-padded UTF-8 strings of `count` bytes.
  func textType(_ count: Int, orThrow failure: () -> any Error) throws -> HDF5Handle {
    let type = try HDF5Handle(H5Tcopy(collapse_h5t_c_s1()), H5Tclose, orThrow: failure)
    guard H5Tset_size(type.id, count) >= 0, H5Tset_cset(type.id, H5T_CSET_UTF8) >= 0,
      H5Tset_strpad(type.id, H5T_STR_NULLPAD) >= 0
    else { throw failure() }
    return type
  }

  /// An attribute of the root group; nil if it is missing, or is neither an integer nor a fixed-length string.
  package func attribute(_ name: String) -> HDF5Attribute? {
    HDF5Library.locked {
      guard H5Aexists(handle.id, name) > 0 else { return nil }
      let attribute = H5Aopen(handle.id, name, 0)
      guard attribute >= 0 else { return nil }
      defer { H5Aclose(attribute) }
      let type = H5Aget_type(attribute)
      defer { H5Tclose(type) }
      switch H5Tget_class(type) {
      case H5T_INTEGER: return Self.integer(attribute)
      case H5T_STRING where H5Tis_variable_str(type) == 0: return Self.text(attribute, type)
      default: return nil
      }
    }
  }

  private static func integer(_ attribute: hid_t) -> HDF5Attribute? {
    let space = H5Aget_space(attribute)
    defer { H5Sclose(space) }
    var number = Int64(0)
    // The library reads all values, whatever the buffer's size.
    guard H5Sget_simple_extent_npoints(space) == 1, H5Aread(attribute, collapse_h5t_native_int64(), &number) >= 0
    else { return nil }
    return .int(Int(number))
  }

  private static func text(_ attribute: hid_t, _ type: hid_t) -> HDF5Attribute? {
    let count = Int(H5Tget_size(type))
    guard count <= longestText, H5Aget_storage_size(attribute) == hsize_t(count) else { return nil }
    var bytes = [UInt8](repeating: 0, count: count)
    guard H5Aread(attribute, type, &bytes) >= 0 else { return nil }
    return .text(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
  }

  /// The root group's attributes, in order; null for those that ``attribute(_:)`` cannot read.
  package var attributes: [JSONValue.Member] {
    attributeNames().map { name in
      switch attribute(name) {
      case .int(let number): .init(name, .integer(number))
      case .text(let text): .init(name, .string(text))
      case nil: .init(name, .null)
      }
    }
  }

  /// Names of the root group's attributes, in order.
  package func attributeNames() -> [String] {
    HDF5Library.locked {
      var info = H5O_info_t()
      guard H5Oget_info2(handle.id, &info, UInt32(H5O_INFO_NUM_ATTRS)) >= 0 else { return [] }
      return (0..<info.num_attrs).compactMap { index in
        // Without a buffer the library returns the length.
        let length = H5Aget_name_by_idx(handle.id, ".", H5_INDEX_NAME, H5_ITER_INC, index, nil, 0, 0)
        guard length > 0 else { return nil }
        var text = [CChar](repeating: 0, count: length + 1)
        guard H5Aget_name_by_idx(handle.id, ".", H5_INDEX_NAME, H5_ITER_INC, index, &text, text.count, 0) > 0 else {
          return nil
        }
        return text.withUnsafeBufferPointer { $0.baseAddress.map { FileName.text($0) } }
      }
    }
  }
}
