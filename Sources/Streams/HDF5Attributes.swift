import CHDF5
import Embeddings

/// An attribute of a file's root.
public enum HDF5Attribute: Sendable, Equatable {
  case int(Int)
  case text(String)
}

extension HDF5File {
  /// Writes an attribute of the root group; text as a UTF-8 string of variable length, which h5py reads as `str`.
  public func setAttribute(_ name: String, _ value: HDF5Attribute) throws {
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
        let type = try HDF5Handle(H5Tcopy(collapse_h5t_c_s1()), H5Tclose, orThrow: failure)
        guard H5Tset_size(type.id, collapse_h5t_variable()) >= 0, H5Tset_cset(type.id, H5T_CSET_UTF8) >= 0 else {
          throw failure()
        }
        let attribute = try HDF5Handle(
          H5Acreate2(handle.id, name, type.id, space.id, 0, 0), H5Aclose, orThrow: failure)
        let written = text.withCString { start in
          withUnsafePointer(to: start) { H5Awrite(attribute.id, type.id, $0) }
        }
        guard written >= 0 else { throw failure() }
      }
    }
  }

  /// An attribute of the root group; nil where there is none, or it is neither an integer nor a string.
  public func attribute(_ name: String) -> HDF5Attribute? {
    HDF5Library.locked {
      guard H5Aexists(handle.id, name) > 0 else { return nil }
      let attribute = H5Aopen(handle.id, name, 0)
      guard attribute >= 0 else { return nil }
      defer { H5Aclose(attribute) }
      let type = H5Aget_type(attribute)
      defer { H5Tclose(type) }
      switch H5Tget_class(type) {
      case H5T_INTEGER: return Self.integer(attribute)
      case H5T_STRING where H5Tis_variable_str(type) > 0: return Self.variableText(attribute, type)
      case H5T_STRING: return Self.text(attribute, type)
      default: return nil
      }
    }
  }

  private static func integer(_ attribute: hid_t) -> HDF5Attribute? {
    guard H5Aget_storage_size(attribute) <= 8 else { return nil }
    var number = Int64(0)
    guard H5Aread(attribute, collapse_h5t_native_int64(), &number) >= 0 else { return nil }
    return .int(Int(number))
  }

  private static func variableText(_ attribute: hid_t, _ type: hid_t) -> HDF5Attribute? {
    let space = H5Aget_space(attribute)
    defer { H5Sclose(space) }
    var start: UnsafeMutablePointer<CChar>?
    guard H5Sget_simple_extent_npoints(space) == 1, H5Aread(attribute, type, &start) >= 0, let start else { return nil }
    defer { H5free_memory(start) }
    return .text(String(cString: start))
  }

  private static func text(_ attribute: hid_t, _ type: hid_t) -> HDF5Attribute? {
    let count = Int(H5Tget_size(type))
    guard count <= 1 << 16, H5Aget_storage_size(attribute) == hsize_t(count) else { return nil }
    var bytes = [UInt8](repeating: 0, count: count)
    guard H5Aread(attribute, type, &bytes) >= 0 else { return nil }
    return .text(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
  }

  /// Names of the root group's attributes, in order.
  public func attributeNames() -> [String] {
    HDF5Library.locked {
      var info = H5O_info_t()
      guard H5Oget_info2(handle.id, &info, UInt32(H5O_INFO_NUM_ATTRS)) >= 0 else { return [] }
      return (0..<info.num_attrs).compactMap { index in
        var text = [CChar](repeating: 0, count: 256)
        guard H5Aget_name_by_idx(handle.id, ".", H5_INDEX_NAME, H5_ITER_INC, index, &text, text.count, 0) > 0 else {
          return nil
        }
        return text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } }
      }
    }
  }
}
