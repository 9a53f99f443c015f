/// How large Zstandard frames may be to be decoded apart, each by a thread, and how many of them ahead.
///
/// A frame of 4 096 rows of 4 096 features in 16 bits is within them.
struct FrameLimits {
  /// Compressed bytes of a frame.
  var frame = 40 << 20
  /// Bytes of a frame's content.
  var content = 40 << 20
  /// Bytes of frames ahead, compressed and decoded, beyond which no more are read, however many threads there are.
  var ahead = 128 << 20
}
