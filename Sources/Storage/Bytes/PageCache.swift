import CFileMapping

/// Whether the page cache already holds part of a file. Asking the system to read it ahead would then only make it look
/// up every page.
enum PageCache {
  /// Distance in bytes between the bytes that are checked.
  private static let step = 1 << 20

  /// Whether a sample of `range`, one byte per MiB, is all in memory; false if the system does not say.
  static func hold(_ descriptor: Int32, _ range: Range<Int>) -> Bool {
    stride(from: range.lowerBound, to: range.upperBound, by: step).allSatisfy {
      collapse_byte_is_cached(descriptor, Int64($0)) != 0
    }
  }
}
