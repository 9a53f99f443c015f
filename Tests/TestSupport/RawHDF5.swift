import CHDF5
import HDF5
import Support

/// Uses the library to write what the product never writes but may read: other types, chunks, scalars.
package enum RawHDF5 {
  /// IEEE floats, little-endian, of the given width.
  package enum Float: Int {
    case half = 2
    case single = 4
    case double = 8
  }

  /// A dataset of floats with the values of `numbers`; compressed in chunks of rows if `chunkRows` is given, or of
  /// any extents if `chunk` is.
  package static func write(
    _ file: String, dataset name: String, _ numbers: [Double], shape: [Int], as float: Float = .double,
    chunkRows: Int? = nil, chunk: [Int]? = nil
  ) {
    change(file) { file in
      let extents = shape.map { hsize_t($0) }
      let space = H5Screate_simple(CInt(shape.count), extents, nil)
      let type = type(float)
      let properties = H5Pcreate(collapse_h5p_dataset_create())
      if let chunk = chunk ?? chunkRows.map({ [$0] + shape.dropFirst() }) {
        H5Pset_chunk(properties, CInt(shape.count), chunk.map { hsize_t($0) })
        H5Pset_deflate(properties, 4)
      }
      let dataset = H5Dcreate2(file, name, type, space, 0, properties, 0)
      precondition(H5Dwrite(dataset, collapse_h5t_native_double(), 0, 0, 0, numbers) >= 0)
      H5Dclose(dataset)
      H5Pclose(properties)
      H5Tclose(type)
      H5Sclose(space)
    }
  }

  /// Labels and features of samples, in chunks of `chunkRows` rows, shuffled and deflated by the library; contiguous
  /// if `chunkRows` is nil.
  package static func write(_ file: String, _ samples: StreamSamples, group: String = "", chunkRows: Int?) {
    func write(_ name: String, _ type: hid_t, _ shape: [Int], _ bytes: UnsafeRawPointer) {
      change(file) { file in
        if !group.isEmpty, H5Lexists(file, group, 0) <= 0 { H5Gclose(H5Gcreate2(file, group, 0, 0, 0)) }
        let properties = H5Pcreate(collapse_h5p_dataset_create())
        let extents = shape.map { hsize_t($0) }
        if let chunkRows {
          H5Pset_chunk(properties, CInt(shape.count), [hsize_t(chunkRows)] + extents.dropFirst())
          H5Pset_shuffle(properties)
          H5Pset_deflate(properties, 1)
        }
        let space = H5Screate_simple(CInt(shape.count), extents, nil)
        let dataset = H5Dcreate2(file, group + "/" + name, type, space, 0, properties, 0)
        precondition(H5Dwrite(dataset, type, 0, 0, 0, bytes) >= 0)
        H5Dclose(dataset)
        H5Sclose(space)
        H5Pclose(properties)
      }
    }
    let features = type([.float16: .half, .float32: .single][samples.scalar] ?? .double)
    write("labels", collapse_h5t_std_i32le(), [samples.rows], samples.labels)
    write("embeddings", features, [samples.rows, samples.dimension], samples.features)
    H5Tclose(features)
  }

  /// A matrix of doubles in chunks of 1 × 1 024, with full extents and only the first chunk stored.
  package static func writeSparse(_ file: String, dataset name: String, shape: [Int]) {
    change(file) { file in
      let space = H5Screate_simple(2, shape.map { hsize_t($0) }, nil)
      let properties = H5Pcreate(collapse_h5p_dataset_create())
      H5Pset_chunk(properties, 2, [1, 1024])
      let dataset = H5Dcreate2(file, name, collapse_h5t_ieee_f64le(), space, 0, properties, 0)
      let memory = H5Screate_simple(1, [10], nil)
      H5Sselect_hyperslab(space, H5S_SELECT_SET, [0, 0], nil, [1, 10], nil)
      let numbers = [Double](repeating: 1, count: 10)
      precondition(H5Dwrite(dataset, collapse_h5t_native_double(), memory, space, 0, numbers) >= 0)
      H5Sclose(memory)
      H5Dclose(dataset)
      H5Pclose(properties)
      H5Sclose(space)
    }
  }

  /// Links from the given paths to the object of another one.
  package static func link(_ file: String, _ names: [String], to path: String) {
    change(file) { file in
      for name in names { precondition(H5Lcreate_hard(file, path, file, name, 0, 0) >= 0) }
    }
  }

  /// The position in the file of the middle of the chunk of a matrix that starts at a row.
  package static func middle(of file: HDF5File, _ path: String, row: Int) throws -> Int {
    let dataset = try file.dataset(path)
    return HDF5Library.locked {
      var (mask, address, bytes): (UInt32, haddr_t, hsize_t) = (0, 0, 0)
      precondition(H5Dget_chunk_info_by_coord(dataset.handle.id, [hsize_t(row), 0], &mask, &address, &bytes) >= 0)
      return Int(address) + Int(bytes) / 2
    }
  }

  /// A scalar dataset of one integer.
  package static func write(_ file: String, scalar name: String, _ number: Int64) {
    change(file) { file in
      let space = H5Screate(H5S_SCALAR)
      let dataset = H5Dcreate2(file, name, collapse_h5t_std_i64le(), space, 0, 0, 0)
      withUnsafePointer(to: number) { _ = H5Dwrite(dataset, collapse_h5t_native_int64(), 0, 0, 0, $0) }
      H5Dclose(dataset)
      H5Sclose(space)
    }
  }

  /// An attribute with several four-byte integers.
  package static func write(_ file: String, attribute name: String, _ numbers: [Int32]) {
    change(file) { file in
      let space = H5Screate_simple(1, [hsize_t(numbers.count)], nil)
      let attribute = H5Acreate2(file, name, collapse_h5t_std_i32le(), space, 0, 0)
      precondition(H5Awrite(attribute, collapse_h5t_native_int32(), numbers) >= 0)
      H5Aclose(attribute)
      H5Sclose(space)
    }
  }

  /// An attribute that is a string of fixed length, as C programs write it, padded with zeros.
  package static func write(_ file: String, attribute name: String, fixed text: String, length: Int) {
    change(file) { file in
      let space = H5Screate(H5S_SCALAR)
      let type = H5Tcopy(collapse_h5t_c_s1())
      H5Tset_size(type, length)
      let attribute = H5Acreate2(file, name, type, space, 0, 0)
      let bytes = Array(text.utf8.prefix(length)) + Array(repeating: 0, count: max(0, length - text.utf8.count))
      precondition(H5Awrite(attribute, type, bytes) >= 0)
      H5Aclose(attribute)
      H5Tclose(type)
      H5Sclose(space)
    }
  }

  /// An attribute that is one float.
  package static func write(_ file: String, attribute name: String, _ number: Double) {
    change(file) { file in
      let space = H5Screate(H5S_SCALAR)
      let attribute = H5Acreate2(file, name, collapse_h5t_ieee_f64le(), space, 0, 0)
      withUnsafePointer(to: number) { _ = H5Awrite(attribute, collapse_h5t_native_double(), $0) }
      H5Aclose(attribute)
      H5Sclose(space)
    }
  }

  /// A link to an object of the same file, or of another one.
  package static func link(_ file: String, _ name: String, to path: String, of other: String? = nil) {
    change(file) { file in
      let made = FileName.withBytes(of: name) { name in
        if let other {
          H5Lcreate_external(other, path, file, name, 0, 0)
        } else {
          H5Lcreate_soft(path, file, name, 0, 0)
        }
      }
      precondition(made >= 0)
    }
  }

  static func type(_ float: Float) -> hid_t {
    let type = H5Tcopy(collapse_h5t_ieee_f64le())
    if float != .double {
      let (exponent, mantissa) = float == .half ? (5, 10) : (8, 23)
      H5Tset_fields(type, exponent + mantissa, mantissa, exponent, 0, mantissa)
      H5Tset_precision(type, float.rawValue * 8)
      H5Tset_size(type, float.rawValue)
      H5Tset_ebias(type, float == .half ? 15 : 127)
    }
    return type
  }

  /// Opens the file for changes, or creates it; without the library's locks, which processes started by other tests
  /// at that moment would inherit.
  ///
  /// - Parameters:
  ///   - isNewest: whether to use the newest format of the library.
  ///   - userBlock: bytes of a new file that belong to others.
  static func change(_ name: String, isNewest: Bool = false, userBlock: Int = 0, _ body: (hid_t) -> Void) {
    HDF5Library.locked {
      let access = H5Pcreate(collapse_h5p_file_access())
      let creation = H5Pcreate(collapse_h5p_file_create())
      defer {
        H5Pclose(access)
        H5Pclose(creation)
      }
      precondition(H5Pset_file_locking(access, false, true) >= 0 && H5Pset_userblock(creation, hsize_t(userBlock)) >= 0)
      if isNewest { precondition(H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_V110) >= 0) }
      let file =
        H5Fis_hdf5(name) > 0 ? H5Fopen(name, 1, access) : H5Fcreate(name, collapse_h5f_truncate(), creation, access)
      precondition(file >= 0, HDF5Library.lastError)
      body(file)
      H5Fclose(file)
    }
  }
}
