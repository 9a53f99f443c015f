import Foundation
import Testing

@testable import Report

@Suite("Colours of figures")
struct FigureColourTests {
  /// The relative luminance of `#rrggbb` by WCAG 2.
  private func luminance(_ colour: String) throws -> Double {
    let number = try #require(colour.count == 7 ? Int(colour.dropFirst(), radix: 16) : nil)
    let channels = [16, 8, 0].map { shift -> Double in
      let share = Double(number >> shift & 255) / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
  }

  private func contrast(_ a: String, _ b: String) throws -> Double {
    let (one, other) = (try luminance(a), try luminance(b))
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)
  }

  @Test("Text, lines and points have enough contrast on a light and on a dark page")
  func contrasts() throws {
    // The page's own colours. Text needs 4.5 : 1, lines need 3 : 1; points of a scale are large.
    let (light, dark) = ("#fcfcfb", "#14171c")
    #expect(PageStyle.text.contains("--page:\(light)") && PageStyle.text.contains("--page:\(dark)"))
    for colour in FigureColour.all {
      let least: Double? =
        switch colour {
        case .text: 4.5
        case .grid: nil
        default: colour.property.hasPrefix("--step") ? 2.5 : 3
        }
      guard let least else { continue }
      #expect(try contrast(colour.light, light) >= least, "\(colour)")
      #expect(try contrast(colour.dark, dark) >= least, "\(colour)")
    }
  }

  @Test("No two share a code, property or hue, and a code has one byte per channel")
  func different() {
    let all = FigureColour.all
    #expect(all.count == 16 && Set(all).count == 16)
    #expect(Set(all.map { [$0.code.red, $0.code.green, $0.code.blue] }).count == 16)
    #expect(Set(all.map(\.property)).count == 16 && Set(all.map(\.light)).count == 16)
    #expect(all.allSatisfy { (0...255).contains($0.code.blue) })
  }

  @Test("Series start again after the last colour, steps end at the last")
  func beyond() {
    #expect(
      FigureColour.series(6).property == "--series-1" && FigureColour.series(6).light == FigureColour.series(1).light)
    #expect(FigureColour.series(6).code == FigureColour.series(1).code)
    #expect(FigureColour.step(8).property == "--step-7" && FigureColour.step(-1).property == "--step-0")
    #expect(FigureColour.step(99).dark == FigureColour.step(7).dark)
    #expect(FigureColour.step(-1).code == FigureColour.step(0).code)
  }

  @Test("Each property is declared once, with its colour")
  func declared() {
    let declarations = FigureColour.declarations(\.light).split(separator: ";")
    #expect(declarations.count == 16)
    #expect(declarations.contains("--figure-text:#3a3f47") && declarations.contains("--series-0:#0072b2"))
  }
}
