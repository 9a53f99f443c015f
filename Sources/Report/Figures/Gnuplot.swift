import Foundation
import Subprocess

/// The program that draws figures: Debian's `gnuplot-nox`, started once per figure, without the user's settings.
struct Gnuplot: Sendable {
  private let executable: String
  /// As gnuplot reports it: `gnuplot 5.4 patchlevel 4`.
  let version: String

  /// The largest accepted drawing, in bytes.
  private static let largest = 64 << 20

  /// Finds gnuplot. Throws ``ReportError`` if it is not installed.
  init(_ executable: String = "gnuplot") async throws {
    self.executable = executable
    version = try await Self.run(executable, ["--version"], input: "")
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Draws a figure. Throws ``ReportError`` if gnuplot fails.
  func draw(_ figure: Figure) async throws -> SVGFigure {
    let script = GnuplotScript(figure)
    let drawing = try await Self.run(executable, ["-d", "-"], input: script.text)
    guard let svg = SVGFigure(drawing, of: figure, texts: script.texts) else {
      throw Self.failed("the figure “\(figure.name)” as SVG", "no drawing")
    }
    return svg
  }

  private static func run(_ executable: String, _ arguments: [String], input: String) async throws -> String {
    do {
      let result = try await Subprocess.run(
        .name(executable), arguments: Arguments(arguments),
        environment: .inherit.updating(["LC_ALL": "C", "HOME": "/nonexistent", "GNUTERM": nil]),
        input: Script(text: input), output: .string(limit: largest), error: .sequence
      ) { try await Self.start(of: $0.standardError) }
      guard result.terminationStatus.isSuccess else {
        let said = result.closureResult.split(whereSeparator: \.isNewline).joined(separator: " ")
        throw failed("a drawing", said.isEmpty ? "\(result.terminationStatus)" : said)
      }
      return result.standardOutput
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw ReportError(
        isBadInput: false, expected: "gnuplot, which draws the figures", found: "no such program",
        advice: "install it: apt-get install gnuplot-nox")
    } catch let error as SubprocessError {
      throw failed("to run gnuplot", "\(error)")
    }
  }

  /// The start of what gnuplot says. It may warn at any length and in any encoding; all is read, so that it need not wait.
  private static func start(of messages: SubprocessOutputSequence) async throws -> String {
    var start: [UInt8] = []
    for try await piece in messages where start.count < 300 {
      piece.withUnsafeBytes { start += $0.prefix(300 - start.count) }
    }
    return String(decoding: start, as: UTF8.self)
  }

  /// Gnuplot's standard input. If gnuplot exits before reading it all, its status and messages say why, so errors of
  /// the pipe are ignored. `StringInput` would leave the input open and end our process.
  private struct Script: InputProtocol {
    let text: String

    func write(with writer: StandardInputWriter) async { _ = try? await writer.write(text) }
  }

  private static func failed(_ expected: String, _ found: String) -> ReportError {
    ReportError(
      isBadInput: false, file: "gnuplot", expected: expected, found: found,
      advice: "check that `gnuplot --version` works; 5.4 or later")
  }
}
