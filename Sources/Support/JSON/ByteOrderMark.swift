/// What some editors and spreadsheets begin a text in UTF-8 with; it is no part of the text.
public enum ByteOrderMark {
  private static let utf8: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// How many bytes of a text it takes up: three, or none.
  public static func length(in bytes: some Collection<UInt8>) -> Int { bytes.starts(with: utf8) ? utf8.count : 0 }
}
