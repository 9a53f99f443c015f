import Foundation
import Subprocess

/// The program that draws figures: Debian's `gnuplot-nox`, started for each one, without the user's settings.
struct Gnuplot: Sendable {
  private let executable: String
  /// As it says itself: `gnuplot 5.4 patchlevel 4`.
  let version: String

  /// A drawing is at most so large, in bytes.
  private static let largest = 64 << 20

  /// Finds it. Throws ``ReportError`` where there is none.
  init(_ executable: String = "gnuplot") async throws {
    self.executable = executable
    version = try await Self.run(executable, ["--version"], input: "")
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Draws a figure. Throws ``ReportError`` where gnuplot refuses.
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
        input: Script(text: input), output: .string(limit: largest), error: .string(limit: 1 << 16))
      guard result.terminationStatus.isSuccess else {
        let said = result.standardError.split(whereSeparator: \.isNewline).joined(separator: " ")
        throw failed("a drawing", said.isEmpty ? "\(result.terminationStatus)" : String(said.prefix(300)))
      }
      return result.standardOutput
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw ReportError(
        isBadInput: false, expected: "gnuplot, which draws the figures", found: "no program of that name",
        advice: "install it: apt-get install gnuplot-nox")
    } catch let error as SubprocessError {
      throw failed("to run gnuplot", "\(error)")
    }
  }

  /// What the program reads. One that ends before it has read all of it says why by its status and its words; the error
  /// of the pipe would say less, and `StringInput` lets it end our process with an input that was not closed.
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
