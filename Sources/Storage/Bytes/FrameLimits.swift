/// How large Zstandard frames may be to be decoded apart, each by a thread, and how many of them ahead.
///
/// A frame of 4 096 rows of 4 096 features in 16 bits is within them.
package struct FrameLimits {
  /// Compressed bytes of a frame.
  package let frame: Int
  /// Bytes of a frame's content.
  package let content: Int
  /// Bytes of frames ahead, compressed and decoded, beyond which no more are read, however many threads there are.
  package let ahead: Int

  package init(frame: Int = 40 << 20, content: Int = 40 << 20, ahead: Int = 128 << 20) {
    (self.frame, self.content, self.ahead) = (frame, content, ahead)
  }
}
