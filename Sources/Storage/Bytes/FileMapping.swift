import CFileMapping
import Support
import SystemPackage

/// Some bytes of a file as the system's own copy of them, mapped rather than read: what is in its cache is not copied.
///
/// A file that is cut short while it is mapped, or a disk that fails, leaves zeros in place of the bytes that are not
/// there, which are noticed by ``isBroken`` and, once nobody can read them any more, by the file's ``FileIntegrity``.
///
/// `@unchecked Sendable` holds because the bytes are never written through the mapping.
final class FileMapping: @unchecked Sendable {
  /// From the byte that was asked for on.
  let bytes: UnsafeMutableRawBufferPointer
  private let start: UnsafeMutableRawPointer
  private let length: Int
  private let guardNumber: Int32
  private let integrity: FileIntegrity

  /// Maps `count` bytes of the file from `offset` on; nil where it cannot be done, and the file is to be read.
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

  /// Whether bytes that were read are none of the file's.
  var isBroken: Bool { collapse_mapping_is_broken(guardNumber) != 0 }
}
