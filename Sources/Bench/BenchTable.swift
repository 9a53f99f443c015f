import Engine
import Foundation
import Support

extension BenchReport {
  /// Plain text for a terminal: the machine and the stream, one line per subject, and what they mean for a corpus.
  package var table: String {
    [heading, "", lines, "", forecast].joined(separator: "\n") + "\n"
  }

  private var heading: String {
    let saved = 100 * Double(files.compressedBytes) / Double(files.plainBytes)
    return """
      \(Processor.heading(threads: options.threads, repeats: options.repeats))
      \(ProgressDisplay.grouped(options.rows)) rows of \(options.dimension) \(options.type.rawValue) \
      (compressed to \(String(format: "%.0f", saved)) %), \(ProgressDisplay.grouped(classes)) classes, \
      \(String(format: "%.2f", visits)) visits to a class mean per row
      """
  }

  private var lines: String {
    let cells = [["", "seconds", "GB/s", "rows/s", "share", "of the limit"]] + subjects.map(cells)
    return TextTable(cells, rightAligned: 1...4).text
  }

  private func cells(_ subject: Subject) -> [String] {
    let share = share(subject)
    let remark = subject == .scatter ? flopsPerSecond.map { String(format: "%.3g GFLOP/s", $0 / 1e9) } : share?.limit
    return [
      Self.name(subject), String(format: "%.3f", times[subject] ?? .nan),
      bytesPerSecond(subject).isFinite ? String(format: "%.2f", bytesPerSecond(subject) / 1e9) : "–",
      rowsPerSecond(subject).map { ProgressDisplay.grouped(Self.rounded($0)) } ?? "",
      share.map { String(format: "%.0f %%", 100 * $0.share) } ?? "", remark ?? "",
    ]
  }

  private static func name(_ subject: Subject) -> String {
    switch subject {
    case .memory: "memory, read"
    case .decodeOneThread: "decompression, one thread"
    case .decode: "decompression"
    case .readPlain: "reading .npy"
    case .kernel: "kernel"
    case .scatter: "kernel with scatter"
    case .endToEndPlain: "end to end, .npy"
    case .endToEndCompressed: "end to end, .npy.zst"
    case .state: "start, new classes, state file"
    }
  }

  private var forecast: String {
    func time(_ subject: Subject) -> String {
      "\(Self.duration(corpusSeconds(subject))) (bound by \(bottleneck(subject)))"
    }
    return """
      a corpus of \(ProgressDisplay.grouped(options.corpus)) tokens at d = \(options.dimension): about \
      \(time(.endToEndCompressed)) from .npy.zst,
      \(time(.endToEndPlain)) from .npy; a state of \(ByteCount.describe(corpusStateBytes))
      """
  }

  /// Rounded to three digits.
  private static func rounded(_ number: Double) -> Int {
    guard number.isFinite, number >= 1 else { return 0 }
    let unit = pow(10, max(floor(log10(number)) - 2, 0))
    return Int((number / unit).rounded() * unit)
  }

  /// `8 s`, `12 min`, `3 h 05 min`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e12 else { return "for ever" }
    if seconds < 99.5 { return "\(Int(seconds.rounded())) s" }
    let minutes = Int((seconds / 60).rounded())
    return minutes < 100 ? "\(minutes) min" : String(format: "%d h %02d min", minutes / 60, minutes % 60)
  }
}
