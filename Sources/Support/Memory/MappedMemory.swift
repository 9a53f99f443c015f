/// Zeroed memory straight from the system, for what is large: it takes room only once it is touched, goes back whole, and
/// lies in large pages where the system has them, as a class mean is visited at random and every visit to a small page
/// would first look the page up.
public enum MappedMemory {
  private static let largePage = 2 << 20

  /// Maps `byteCount` bytes, all zero; from 2 MiB on at a multiple of 2 MiB.
  ///
  /// Where the address space has no room the process ends, as it does for any allocation.
  public static func map(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
    let alignment = byteCount >= largePage ? largePage : 1
    let mapped = mmap(nil, byteCount + alignment - 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let mapped, mapped != MAP_FAILED else { preconditionFailure("no room for \(byteCount) bytes of memory") }
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

  /// Gives back what ``map(_:)`` returned.
  public static func unmap(_ bytes: UnsafeMutableRawBufferPointer) {
    munmap(bytes.baseAddress, bytes.count)
  }
}
