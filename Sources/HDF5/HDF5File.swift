import CHDF5
import Foundation
import Storage
import Support
import SystemPackage

/// One HDF5 file, open for reading or being written.
public final class HDF5File {
  public let name: String
  let handle: HDF5Handle
  private let kind: StreamError.Kind

  package static let magic: [UInt8] = [0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A]

  /// Opens a file for reading. Throws ``StreamError`` where it is missing, no HDF5, or cut short.
  public init(reading name: String) throws {
    self.name = name
    kind = .corrupt
    let file = try FileBytes(name: name)
    let (expected, advice) = ("an HDF5 file (\(hexadecimal(Self.magic)))", "name a file of the right kind")
    func noHDF5(_ found: String) -> StreamError {
      StreamError(
        .unknownFormat,
        Diagnosis(file: name, position: "byte 0", expected: expected, found: found, advice: advice))
    }
    guard file.size != nil else { throw noHDF5("a pipe") }
    let start = try file.peek(Self.magic.count)
    guard !start.isEmpty else { throw noHDF5("an empty file") }
    guard start == Self.magic else {
      throw StreamError(
        .unknownFormat,
        ForeignFormat.diagnosis(file: name, expected: expected, start: start, remedy: .file, advice: advice))
    }
    handle = try HDF5Library.locked {
      let failure = {
        StreamError(
          .corrupt,
          Diagnosis(
            file: name, expected: "a whole HDF5 file", found: HDF5Library.lastError,
            advice: "the file is damaged or was cut short: make it again"))
      }
      let access = try Self.access(orThrow: failure)
      return try HDF5Handle(H5Fopen(name, collapse_h5f_read_only(), access.id), H5Fclose, orThrow: failure)
    }
  }

  /// Starts a file over the one at `path`, on behalf of the output `name`.
  ///
  /// Neither times nor addresses of this process get into the file: the same content gives the same bytes. The format is
  /// that of HDF5 1.10, whose every piece of metadata has a checksum: damage is an error and not a crash of the library.
  public init(writing path: String, for name: String) throws {
    self.name = name
    kind = .cannotWrite
    handle = try HDF5Library.locked {
      let failure = { Self.writeFailure(name) }
      let creation = try HDF5Handle(H5Pcreate(collapse_h5p_file_create()), H5Pclose, orThrow: failure)
      let access = try Self.access(orThrow: failure)
      guard H5Pset_obj_track_times(creation.id, false) >= 0,
        H5Pset_libver_bounds(access.id, H5F_LIBVER_V110, H5F_LIBVER_V110) >= 0
      else { throw failure() }
      return try HDF5Handle(
        H5Fcreate(path, collapse_h5f_truncate(), creation.id, access.id), H5Fclose, orThrow: failure)
    }
  }

  /// How files are opened: without the library's locks, which fail on some network file systems and stay with processes
  /// started meanwhile. Outputs are written under a name of their own, and so need none.
  private static func access(orThrow failure: () -> any Error) throws -> HDF5Handle {
    let access = try HDF5Handle(H5Pcreate(collapse_h5p_file_access()), H5Pclose, orThrow: failure)
    guard H5Pset_file_locking(access.id, false, true) >= 0 else { throw failure() }
    return access
  }

  /// Bytes of the whole file.
  var byteCount: Int {
    HDF5Library.locked {
      var bytes: hsize_t = 0
      return H5Fget_filesize(handle.id, &bytes) >= 0 ? Int(clamping: bytes) : 0
    }
  }

  /// Hands everything written to the operating system, as letting go of the file does, but says where that fails.
  public func flush() throws {
    try HDF5Library.locked {
      guard H5Fflush(handle.id, H5F_SCOPE_GLOBAL) >= 0 else { throw failure("the file", expected: "to be written") }
    }
  }

  static func writeFailure(_ name: String) -> StreamError {
    let shortages: [Errno] = [.noSpace, .diskQuotaExceeded, .fileTooLarge]
    let said = HDF5Library.lastWriteError
    if let shortage = shortages.first(where: { "\($0)" == said }) {
      return DiskRoom.shortage(name, shortage, bytes: nil) ?? AtomicFile.cannotWrite(name, shortage)
    }
    return StreamError(
      .cannotWrite,
      Diagnosis(
        file: name, expected: "to write this file", found: said,
        advice: "check the room left on the disk"))
  }

  /// The error about `item` of this file.
  func failure(_ item: String, expected: String, found: String? = nil) -> StreamError {
    if kind == .cannotWrite { return Self.writeFailure(name) }
    return StreamError(
      kind,
      Diagnosis(
        file: name, position: item, expected: expected, found: found ?? HDF5Library.lastError,
        advice: "check that the file is of the right kind and whole (h5dump -H shows what it holds)"))
  }

  /// Makes a group.
  public func makeGroup(_ path: String) throws {
    try HDF5Library.locked {
      let properties = try HDF5Handle(H5Pcreate(collapse_h5p_group_create()), H5Pclose) {
        failure(path, expected: "a new group")
      }
      H5Pset_obj_track_times(properties.id, false)
      _ = try HDF5Handle(H5Gcreate2(handle.id, path, 0, properties.id, 0), H5Gclose) {
        failure(path, expected: "a new group")
      }
    }
  }

  /// Makes a dataset to be filled through the result.
  public func makeDataset(_ path: String, _ type: HDF5Element, shape: [Int]) throws -> HDF5Dataset {
    try makeDataset(path, stored: type.stored, shape: shape)
  }

  /// The same of elements of one of the library's types.
  func makeDataset(_ path: String, stored: hid_t, shape: [Int]) throws -> HDF5Dataset {
    try HDF5Library.locked {
      let failure = { self.failure(path, expected: "a new dataset") }
      let extents = shape.map { hsize_t($0) }
      let space = try HDF5Handle(H5Screate_simple(CInt(shape.count), extents, nil), H5Sclose, orThrow: failure)
      let properties = try HDF5Handle(H5Pcreate(collapse_h5p_dataset_create()), H5Pclose, orThrow: failure)
      H5Pset_obj_track_times(properties.id, false)
      H5Pset_fill_time(properties.id, H5D_FILL_TIME_NEVER)
      let dataset = try HDF5Handle(
        H5Dcreate2(handle.id, path, stored, space.id, 0, properties.id, 0), H5Dclose, orThrow: failure)
      return HDF5Dataset(file: self, path: path, handle: dataset, shape: shape)
    }
  }

  /// Whether the file holds an object of that path.
  public func contains(_ path: String) -> Bool {
    HDF5Library.locked {
      var prefix = ""
      for part in path.split(separator: "/") {
        prefix += "/" + part
        guard H5Lexists(handle.id, prefix, 0) > 0 else { return false }
      }
      return true
    }
  }

  /// Opens a dataset for reading.
  public func dataset(_ path: String) throws -> HDF5Dataset { try dataset(path, access: 0) }

  /// Opens a dataset for reading with chunks kept in memory after their decompression, up to `bytes`.
  ///
  /// The dataset is not open already: it would keep the cache it has.
  func dataset(_ path: String, caching bytes: Int, chunks: Int) throws -> HDF5Dataset {
    try HDF5Library.locked {
      let failure = { self.failure(path, expected: "a cache of \(bytes) bytes") }
      let access = try HDF5Handle(H5Pcreate(collapse_h5p_dataset_access()), H5Pclose, orThrow: failure)
      // Ten places for each chunk, as the library advises: two chunks of one place drive each other out.
      guard H5Pset_chunk_cache(access.id, 10 * chunks + 1, bytes, 1) >= 0 else { throw failure() }
      return try dataset(path, access: access.id)
    }
  }

  private func dataset(_ path: String, access: hid_t) throws -> HDF5Dataset {
    try HDF5Library.locked {
      guard contains(path) else { throw failure(path, expected: "a dataset of that name", found: "none") }
      let dataset = try HDF5Handle(H5Dopen2(handle.id, path, access), H5Dclose) {
        failure(path, expected: "a dataset")
      }
      return try HDF5Dataset(file: self, path: path, opened: dataset)
    }
  }

  /// Paths of all datasets, in the order of their names; the first 10 000 where there are more.
  ///
  /// A group that several links lead to, as in a cycle, is entered by the first of them.
  public func datasetPaths() -> [String] { walk(most: 10_000).paths }

  /// The same, and the error that something cannot be opened, of the first such object. Throws ``StreamError`` where there are
  /// more than `most`.
  package func listing(most: Int) throws -> (paths: [String], unreadable: StreamError?) {
    let walk = walk(most: most)
    guard !walk.isCut else {
      throw failure("its groups", expected: "at most \(most) datasets", found: "more")
    }
    return (walk.paths, walk.unreadable.map { unreadable($0.path, $0.reason) })
  }

  private func walk(most: Int) -> HDF5Walk {
    HDF5Library.locked {
      var walk = HDF5Walk(most: most)
      walk.enter(handle.id, prefix: "", depth: 16)
      return walk
    }
  }

  private func unreadable(_ path: String, _ reason: String) -> StreamError {
    StreamError(
      .corrupt,
      Diagnosis(
        file: name, position: "“\(path)”", expected: "an object that HDF5 \(HDF5Library.version) can open",
        found: reason,
        advice:
          "where a newer HDF5 wrote it, write it for older ones: h5py.File(…, libver=(\"earliest\", \"v110\")), or "
          + "h5repack --low=0 --high=2; else the file is damaged: write it again; or name other arrays by their paths"))
  }
}
