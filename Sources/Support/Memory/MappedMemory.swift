/// The allocator of large arrays: zeroed memory, mapped directly from the system. Its failure is an ``OutOfMemory``
/// error, never the end of the process.
///
/// Pages take up memory only once touched, and unmapping returns all of them. Large pages are used if the system has
/// them: class means are visited at random, and with small pages every visit would miss the TLB.
package enum MappedMemory {
  private static let largePage = 2 << 20

  /// Maps `byteCount` zeroed bytes, aligned to 2 MiB if there are at least that many.
  ///
  /// - Parameter purpose: what they are for, in words.
  package static func map(
    _ byteCount: Int, for purpose: String
  ) throws(OutOfMemory) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: try start(byteCount, purpose), count: byteCount)
  }

  /// Maps `count` zeroed elements, likewise. ``unmap(_:count:)`` unmaps them.
  package static func map<Element: BitwiseCopyable>(
    _ count: Int, of type: Element.Type, for purpose: String
  ) throws(OutOfMemory) -> UnsafeMutablePointer<Element> {
    try start(size(max(count, 1), of: type, purpose), purpose).bindMemory(to: type, capacity: count)
  }

  private static func start(_ byteCount: Int, _ purpose: String) throws(OutOfMemory) -> UnsafeMutableRawPointer {
    let alignment = byteCount >= largePage ? largePage : 1
    guard let mapped = reserve(byteCount, alignment - 1) else { throw OutOfMemory(bytes: byteCount, for: purpose) }
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
    return start
  }

  /// Unmaps what ``map(_:for:)`` returned.
  package static func unmap(_ bytes: UnsafeMutableRawBufferPointer) {
    munmap(bytes.baseAddress, bytes.count)
  }

  package static func unmap<Element>(_ elements: UnsafeMutablePointer<Element>, count: Int) {
    munmap(elements, max(count, 1) * MemoryLayout<Element>.stride)
  }

  /// Checks that the system would give this much memory now.
  ///
  /// For large arrays of Swift, and for C libraries, which end the process if an allocation fails. They are called at
  /// once after this, so that only a thread that allocates at the same moment can still take the room.
  package static func check(_ byteCount: Int, for purpose: String) throws(OutOfMemory) {
    guard byteCount >= largePage else { return }
    guard let mapped = reserve(byteCount, 0) else { throw OutOfMemory(bytes: byteCount, for: purpose) }
    munmap(mapped, byteCount)
  }

  /// Checks room for an array of `count` elements.
  package static func check<Element>(_ count: Int, of type: Element.Type, for purpose: String) throws(OutOfMemory) {
    try check(size(count, of: type, purpose), for: purpose)
  }

  private static func size<Element>(_ count: Int, of _: Element.Type, _ purpose: String) throws(OutOfMemory) -> Int {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard !overflow else { throw OutOfMemory(bytes: .max, for: purpose) }
    return bytes
  }

  private static func reserve(_ byteCount: Int, _ more: Int) -> UnsafeMutableRawPointer? {
    let (bytes, overflow) = byteCount.addingReportingOverflow(more)
    guard !overflow, bytes > 0 else { return nil }
    let mapped = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    return mapped == MAP_FAILED ? nil : mapped
  }
}
