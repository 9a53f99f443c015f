/// Splits draws into rounds of about a second's work, so that a study can be stopped between them.
///
/// - Parameter numbers: how many random numbers a draw takes.
func rounds(of draws: Int, numbers: Int) -> some Sequence<Range<Int>> {
  let size = max(50_000_000 / max(numbers, 1), 1)
  return stride(from: 0, to: draws, by: size).lazy.map { $0..<min($0 + size, draws) }
}
