import CFileMapping

/// Whether the system has bytes of a file in memory already, so that it need not be asked to read them ahead: it would look
/// for every page of them.
enum CachedPages {
  /// Bytes between two that are looked at.
  private static let step = 1 << 20

  /// Whether some of the bytes `range`, one in each MiB, are all in memory; false where the system does not say.
  static func hold(_ descriptor: Int32, _ range: Range<Int>) -> Bool {
    stride(from: range.lowerBound, to: range.upperBound, by: step).allSatisfy {
      collapse_byte_is_cached(descriptor, Int64($0)) != 0
    }
  }
}
