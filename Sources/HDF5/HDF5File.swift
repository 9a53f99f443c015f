import CHDF5
import Foundation
import Storage
import Support
import SystemPackage

/// An HDF5 file, open for reading or writing.
package final class HDF5File {
  package let name: String
  let handle: HDF5Handle
  /// Whether a writer in SWMR mode has the file open, or was killed before it closed it.
  package let isBeingWritten: Bool
  private let kind: StreamError.Kind

  /// Whether a file that starts with these bytes is HDF5. A file with a user block starts with other bytes.
  package static func recognizes(_ start: [UInt8]) -> Bool { start.starts(with: HDF5Superblock.magic) }

  /// Whether a file is HDF5 behind a user block, which may hold anything.
  package static func recognizes(behindUserBlock name: String) -> Bool {
    // If it cannot be looked at, opening it reports the error.
    do { return try Trial.result { try HDF5Superblock(of: FileBytes(name: name)) } ?? nil != nil } catch { return true }
  }

  /// Opens a file for reading. Throws ``StreamError`` if it is missing, not HDF5, or truncated.
  package init(reading name: String) throws {
    self.name = name
    kind = .corrupt
    let file = try FileBytes(name: name)
    let (expected, advice) = ("an HDF5 file (\(hexadecimal(HDF5Superblock.magic)))", "name an HDF5 file")
    func noHDF5(_ found: String) -> StreamError {
      StreamError(
        .unknownFormat, file: name, position: "byte 0", expected: expected, found: found, advice: advice)
    }
    guard file.size != nil else { throw noHDF5("a pipe") }
    let start = try file.peek(512)
    guard !start.isEmpty else { throw noHDF5("an empty file") }
    guard let superblock = try HDF5Superblock(of: file) else {
      throw StreamError(
        .unknownFormat, ForeignFormat.diagnosis(file: name, expected: expected, start: start, advice: advice))
    }
    isBeingWritten = superblock.writer == .swmr
    let isSWMR = isBeingWritten
    handle = try HDF5Library.locked {
      let failure = {
        superblock.writer == .some
          ? StreamError(
            .unreadable, file: name, expected: "an HDF5 file that its writer has closed",
            found: "its mark that a program has it open for writing",
            advice: "if that program was killed, what it wrote may be incomplete; h5clear -s \(name) removes the mark")
          : Self.unopened(name, HDF5Library.lastError)
      }
      let access = try Self.access(orThrow: failure)
      let mode = isSWMR ? collapse_h5f_swmr_read() : collapse_h5f_read_only()
      return try HDF5Handle(H5Fopen(name, mode, access.id), H5Fclose, orThrow: failure)
    }
  }

  /// The error of a file that the library does not open. The library says a shortage in the system's words.
  private static func unopened(_ name: String, _ said: String) -> StreamError {
    let shortages: [Errno] = [.tooManyOpenFiles, .tooManyOpenFilesInSystem, .noMemory]
    if let shortage = shortages.first(where: { said.hasSuffix("\($0)") }) {
      return FileBytes.cannotOpen(name, shortage)
    }
    return StreamError(
      .corrupt, file: name, expected: "a complete HDF5 file", found: said,
      advice: "the file is damaged or truncated: write it again")
  }

  /// Opens a file for reading; nil if it is a pipe or has another format.
  package convenience init?(ifAny name: String) throws {
    guard !FileBytes.isOnce(name), try HDF5Superblock(of: FileBytes(name: name)) != nil else { return nil }
    try self.init(reading: name)
  }

  /// Starts a new file at `path`, replacing any file there, for the output `name`.
  ///
  /// The file contains no times or addresses of this process, so the same content gives the same bytes. It uses the
  /// format of HDF5 1.10, where all metadata has checksums. Damage is then an error rather than a crash of the library.
  package init(writing path: String, for name: String) throws {
    self.name = name
    (kind, isBeingWritten) = (.cannotWrite, false)
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

  /// Opens files without the library's locks, which fail on some network file systems and are inherited by processes
  /// started while the file is open. Outputs are written under unique names, so they need no locks.
  private static func access(orThrow failure: () -> any Error) throws -> HDF5Handle {
    let access = try HDF5Handle(H5Pcreate(collapse_h5p_file_access()), H5Pclose, orThrow: failure)
    guard H5Pset_file_locking(access.id, false, true) >= 0 else { throw failure() }
    return access
  }

  /// Size of the file in bytes.
  var byteCount: Int {
    HDF5Library.locked {
      var bytes: hsize_t = 0
      return H5Fget_filesize(handle.id, &bytes) >= 0 ? Int(clamping: bytes) : 0
    }
  }

  /// Passes everything written to the operating system. Closing the file does so too, but cannot throw.
  package func flush() throws {
    try HDF5Library.locked {
      guard H5Fflush(handle.id, H5F_SCOPE_GLOBAL) >= 0 else { throw failure("the file", expected: "to be written") }
    }
  }

  static func writeFailure(_ name: String) -> StreamError {
    let shortages: [Errno] = [.noSpace, .diskQuotaExceeded, .fileTooLarge]
    let said = HDF5Library.lastWriteError
    if let shortage = shortages.first(where: { "\($0)" == said }) {
      return DiskSpace.shortage(name, shortage, bytes: nil) ?? AtomicFile.cannotWrite(name, shortage)
    }
    return StreamError(
      .cannotWrite, file: name, expected: "to write this file", found: said, advice: "check the free space on the disk")
  }

  /// An error about `item` in this file.
  func failure(_ item: String, expected: String, found: String? = nil) -> StreamError {
    if kind == .cannotWrite { return Self.writeFailure(name) }
    return StreamError(
      kind, file: name, position: item, expected: expected, found: found ?? HDF5Library.lastError,
      advice: "check that the file is complete and of the right kind (h5dump -H shows its contents)")
  }

  /// Creates a group.
  package func makeGroup(_ path: String) throws {
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

  /// Creates a dataset, to be filled through the result.
  package func makeDataset(_ path: String, _ type: HDF5Element, shape: [Int]) throws -> HDF5Dataset {
    try makeDataset(path, stored: type.stored, shape: shape)
  }

  /// Creates a dataset with elements of a type of the library.
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

  /// Opens a dataset for reading. Throws ``StreamError`` if a link on the way leads into another file.
  package func dataset(_ path: String) throws -> HDF5Dataset { try dataset(path, access: 0) }

  /// Opens a dataset for reading, with a cache of up to `bytes` for decompressed chunks.
  ///
  /// The dataset must not be open already, or it would keep its old cache.
  func dataset(_ path: String, caching bytes: Int, chunks: Int) throws -> HDF5Dataset {
    try HDF5Library.locked {
      let failure = { self.failure(path, expected: "a cache of \(bytes) bytes") }
      let access = try HDF5Handle(H5Pcreate(collapse_h5p_dataset_access()), H5Pclose, orThrow: failure)
      // Ten hash slots per chunk, as the library advises, because chunks in the same slot evict each other.
      guard H5Pset_chunk_cache(access.id, 10 * chunks + 1, bytes, 1) >= 0 else { throw failure() }
      return try dataset(path, access: access.id)
    }
  }

  private func dataset(_ path: String, access: hid_t) throws -> HDF5Dataset {
    try HDF5Library.locked {
      guard try contains(path) else { throw failure(path, expected: "a dataset of this name", found: "none") }
      let dataset = try HDF5Handle(H5Dopen2(handle.id, path, access), H5Dclose) {
        failure(path, expected: "a dataset")
      }
      return try HDF5Dataset(file: self, path: path, opened: dataset)
    }
  }

  /// Paths of all datasets, in order of name. Throws ``StreamError`` as ``listing(most:)`` does.
  ///
  /// A group that several links lead to, as in a cycle, is entered through the first link only.
  package func datasetPaths() throws -> [String] { try listing().paths }

  /// More datasets than anyone writes to one file.
  private static let mostDatasets = 10_000_000

  /// Paths of all datasets, and an error about the first object that cannot be opened. Throws ``StreamError`` if there
  /// are more than `most` datasets.
  package func listing(most: Int = mostDatasets) throws -> (paths: [String], unreadable: StreamError?) {
    let walk = walk(most: most)
    guard !walk.isCut else {
      throw failure("its groups", expected: "at most \(most) datasets", found: "more")
    }
    return (walk.paths, walk.unreadable.map { unreadable($0.path, $0.reason) })
  }

  private func walk(most: Int) -> HDF5Walk {
    HDF5Library.locked {
      var walk = HDF5Walk(most: most)
      walk.enter(handle.id)
      return walk
    }
  }

  private func unreadable(_ path: String, _ reason: String) -> StreamError {
    StreamError(
      .corrupt, file: name, position: "“\(path)”", expected: "an object that HDF5 \(HDF5Library.version) can open",
      found: reason,
      advice: "if a newer HDF5 wrote it, write it for older ones: h5py.File(…, libver=(\"earliest\", \"v110\")), or "
        + "h5repack --low=0 --high=2. If it lies in another file, "
        + "name that file. Otherwise it is damaged: write it again, or name other arrays by path")
  }
}
