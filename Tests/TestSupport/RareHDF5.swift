import CHDF5
import HDF5

/// HDF5 files of legal but rare kinds, as other programs write them.
extension RawHDF5 {
  /// An empty file whose first bytes belong to others, as in MATLAB 7.3 files.
  package static func create(_ file: String, userBlock: Int) { change(file, userBlock: userBlock) { _ in } }

  /// An opaque dataset, as h5py writes bfloat16 of ml_dtypes, if elements have two bytes and no tag.
  package static func write(
    _ file: String, opaque name: String, _ bytes: [UInt8], shape: [Int], tag: String = "", chunk: [Int]? = nil
  ) {
    change(file) { file in
      let space = H5Screate_simple(CInt(shape.count), shape.map { hsize_t($0) }, nil)
      let type = H5Tcreate(H5T_OPAQUE, bytes.count / shape.reduce(1, *))
      H5Tset_tag(type, tag)
      let properties = H5Pcreate(collapse_h5p_dataset_create())
      if let chunk {
        H5Pset_chunk(properties, CInt(chunk.count), chunk.map { hsize_t($0) })
        H5Pset_deflate(properties, 1)
      }
      let dataset = H5Dcreate2(file, name, type, space, 0, properties, 0)
      precondition(H5Dwrite(dataset, type, 0, 0, 0, bytes) >= 0)
      H5Dclose(dataset)
      H5Pclose(properties)
      H5Tclose(type)
      H5Sclose(space)
    }
  }

  /// A view of 1-d datasets of the same name in other files, one after another.
  package static func write(_ file: String, virtual name: String, of others: [String], rows: Int) {
    change(file) { file in
      let space = H5Screate_simple(1, [hsize_t(rows * others.count)], nil)
      let part = H5Screate_simple(1, [hsize_t(rows)], nil)
      let properties = H5Pcreate(collapse_h5p_dataset_create())
      for (index, other) in others.enumerated() {
        H5Sselect_hyperslab(space, H5S_SELECT_SET, [hsize_t(index * rows)], nil, [hsize_t(rows)], nil)
        precondition(H5Pset_virtual(properties, space, other, name, part) >= 0)
      }
      let type = type(.double)
      let dataset = H5Dcreate2(file, name, type, space, 0, properties, 0)
      precondition(dataset >= 0, HDF5Library.lastError)
      H5Dclose(dataset)
      H5Tclose(type)
      H5Pclose(properties)
      H5Sclose(part)
      H5Sclose(space)
    }
  }

  /// A 1-d dataset of doubles whose bytes are in a file without a header.
  package static func write(_ file: String, external name: String, in other: String, rows: Int) {
    change(file) { file in
      let space = H5Screate_simple(1, [hsize_t(rows)], nil)
      let properties = H5Pcreate(collapse_h5p_dataset_create())
      precondition(H5Pset_external(properties, other, 0, hsize_t(8 * rows)) >= 0)
      let type = type(.double)
      H5Dclose(H5Dcreate2(file, name, type, space, 0, properties, 0))
      H5Tclose(type)
      H5Pclose(properties)
      H5Sclose(space)
    }
  }

  /// A view that is as long as a dataset of the same name in another file.
  package static func write(_ file: String, growing name: String, with other: String) {
    change(file, isNewest: true) { file in
      let (one, endless) = ([hsize_t(1)], [hsize_t.max])
      let spaces = (0..<2).map { _ in H5Screate_simple(1, one, endless) }
      for space in spaces { precondition(H5Sselect_hyperslab(space, H5S_SELECT_SET, [0], nil, endless, nil) >= 0) }
      let properties = H5Pcreate(collapse_h5p_dataset_create())
      precondition(H5Pset_virtual(properties, spaces[0], other, name, spaces[1]) >= 0, HDF5Library.lastError)
      let type = type(.double)
      let dataset = H5Dcreate2(file, name, type, spaces[0], 0, properties, 0)
      precondition(dataset >= 0, HDF5Library.lastError)
      H5Dclose(dataset)
      H5Tclose(type)
      H5Pclose(properties)
      for space in spaces { H5Sclose(space) }
    }
  }

  /// A link of a kind that only the program that defines it can follow.
  package static func link(_ file: String, ofUsersKind name: String) {
    change(file) { file in
      let kind = H5L_type_t(rawValue: 200)
      var links = H5L_class_t()
      (links.version, links.id) = (H5L_LINK_CLASS_T_VERS, kind)
      links.trav_func = { _, _, _, _, _, _ in -1 }
      precondition(H5Lregister(&links) >= 0)
      precondition(H5Lcreate_ud(file, name, kind, "value", 6, 0, 0) >= 0, HDF5Library.lastError)
      H5Lunregister(kind)
    }
  }

  /// A float of 16 bytes.
  package static func write(_ file: String, wideFloat name: String, exponentBits: Int) {
    change(file) { file in
      let type = H5Tcopy(collapse_h5t_ieee_f64le())
      precondition(H5Tset_size(type, 16) >= 0 && H5Tset_precision(type, 128) >= 0)
      let mantissa = 127 - exponentBits
      precondition(H5Tset_fields(type, 127, mantissa, exponentBits, 0, mantissa) >= 0, HDF5Library.lastError)
      write(file, name, type, [1])
      H5Tclose(type)
    }
  }

  /// A chunked dataset of doubles without any of its elements.
  package static func write(_ file: String, empty name: String, extents: [Int]) {
    change(file) { write($0, name, collapse_h5t_ieee_f64le(), extents, isChunked: true) }
  }

  private static func write(
    _ file: hid_t, _ name: String, _ type: hid_t, _ extents: [Int], isChunked: Bool = false
  ) {
    let properties = H5Pcreate(collapse_h5p_dataset_create())
    if isChunked { H5Pset_chunk(properties, CInt(extents.count), extents.map { _ in 1 }) }
    let space = H5Screate_simple(CInt(extents.count), extents.map { hsize_t($0) }, nil)
    let dataset = H5Dcreate2(file, name, type, space, 0, properties, 0)
    precondition(dataset >= 0, HDF5Library.lastError)
    H5Dclose(dataset)
    H5Sclose(space)
    H5Pclose(properties)
  }

  /// Hard links to an object in a group of the newest format, whose links are indexed by hashes of their names.
  package static func linkInNewest(_ file: String, _ names: [String], to path: String) {
    change(file, isNewest: true) { file in
      for name in names { precondition(H5Lcreate_hard(file, path, file, name, 0, 0) >= 0) }
    }
  }

  /// What a writer leaves that is killed: a copy of its open file, made by `copy`. With `isSWMR` it lets others read.
  package static func kill(_ file: String, _ samples: StreamSamples, isSWMR: Bool, copy: () -> Void) {
    change(file, isNewest: true) { file in
      func write(_ name: String, _ type: hid_t, _ shape: [Int], _ bytes: UnsafeRawPointer) -> hid_t {
        let properties = H5Pcreate(collapse_h5p_dataset_create())
        let extents = shape.map { hsize_t($0) }
        H5Pset_chunk(properties, CInt(shape.count), [10] + extents.dropFirst())
        let space = H5Screate_simple(CInt(shape.count), extents, [.max] + extents.dropFirst())
        let dataset = H5Dcreate2(file, name, type, space, 0, properties, 0)
        precondition(H5Dwrite(dataset, type, 0, 0, 0, bytes) >= 0)
        H5Sclose(space)
        H5Pclose(properties)
        return dataset
      }
      let float = type(.single)
      let datasets = [
        write("labels", collapse_h5t_std_i32le(), [samples.rows], samples.labels),
        write("embeddings", float, [samples.rows, samples.dimension], samples.features),
      ]
      if isSWMR { precondition(H5Fstart_swmr_write(file) >= 0) }
      H5Fflush(file, H5F_SCOPE_GLOBAL)
      copy()
      for dataset in datasets { H5Dclose(dataset) }
      H5Tclose(float)
    }
  }
}
