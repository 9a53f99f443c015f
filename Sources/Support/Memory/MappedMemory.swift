/// Zeroed memory mapped directly from the system, for large arrays.
///
/// Pages take up memory only once touched, and unmapping returns all of them. Large pages are used if the system has
/// them: class means are visited at random, and with small pages every visit would miss the TLB.
package enum MappedMemory {
  private static let largePage = 2 << 20

  /// Maps `byteCount` zeroed bytes, aligned to 2 MiB if there are at least that many.
  ///
  /// If the address space is full, the process ends, as with any allocation.
  package static func map(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
    let alignment = byteCount >= largePage ? largePage : 1
    let mapped = mmap(nil, byteCount + alignment - 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let mapped, mapped != MAP_FAILED else { preconditionFailure("cannot map \(byteCount) bytes of memory") }
    let start = mapped.alignedUp(toMultipleOf: alignment)
    let (head, page) = (start - mapped, Int(sysconf(Int32(_SC_PAGESIZE))))
    let end = (byteCount + page - 1) / page * page
    if head > 0 { munmap(mapped, head) }
    if alignment > 1, alignment - 1 - head > end - byteCount {
      munmap(start + end, alignment - 1 - head - (end - byteCount))
    }
    #if canImport(Glibc)
      if alignment > 1 { madvise(start, byteCount, MADV_HUGEPAGE) }
    #endif
    return UnsafeMutableRawBufferPointer(start: start, count: byteCount)
  }

  /// Unmaps what ``map(_:)`` returned.
  package static func unmap(_ bytes: UnsafeMutableRawBufferPointer) {
    munmap(bytes.baseAddress, bytes.count)
  }
}
