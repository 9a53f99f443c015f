/// The UTF-8 byte order mark that some editors and spreadsheets write before the text.
package enum ByteOrderMark {
  private static let utf8: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Length of the mark at the start of `bytes`: 3 or 0.
  package static func length(in bytes: some Collection<UInt8>) -> Int { bytes.starts(with: utf8) ? utf8.count : 0 }
}
