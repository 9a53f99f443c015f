import CFileMapping
import Support
import SystemPackage

/// Part of a file, mapped rather than read, so that cached bytes are not copied.
///
/// If the file is truncated while mapped, or the disk fails, missing bytes read as zeros. ``isBroken`` reports this at
/// once. When the mapping is released, so does the file's ``FileIntegrity``.
///
/// `@unchecked Sendable` holds because the bytes are never written through the mapping.
final class FileMapping: @unchecked Sendable {
  /// The mapped bytes, starting at the requested offset.
  let bytes: UnsafeMutableRawBufferPointer
  private let start: UnsafeMutableRawPointer
  private let length: Int
  private let guardNumber: Int32
  private let integrity: FileIntegrity

  /// Maps `count` bytes of the file from `offset`; nil if that fails and the file must be read instead.
  init?(_ file: FileDescriptor, at offset: Int, count: Int, integrity: FileIntegrity) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let head = offset % page
    length = count + head
    guard count > 0, let start = mmap(nil, length, PROT_READ, MAP_SHARED, file.rawValue, off_t(offset - head)),
      start != MAP_FAILED
    else { return nil }
    let guardNumber = collapse_guard_mapping(start, (length + page - 1) / page * page)
    guard guardNumber >= 0 else {
      munmap(start, length)
      return nil
    }
    (self.start, self.guardNumber, self.integrity) = (start, guardNumber, integrity)
    bytes = UnsafeMutableRawBufferPointer(start: start + head, count: count)
  }

  deinit {
    if isBroken { integrity.isBroken.store(true, ordering: .relaxed) }
    munmap(start, length)
    collapse_release_mapping(guardNumber)
  }

  /// Whether some bytes that were read did not come from the file.
  var isBroken: Bool { collapse_mapping_is_broken(guardNumber) != 0 }
}
