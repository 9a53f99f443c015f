import Geometry
import Storage
import Support

/// How many samples were enough: from how many on each statistic keeps within one standard error of its last value.
struct EnoughView {
  let header: [String]
  let rows: [[String]]
  let note: String

  private static let rule =
    "The fewest samples from which every later value lies within one standard error of the last. "
    + "“Not reached”: only the last value does, so more samples may still move it."

  /// From the timeline of `accumulate`; nil if it has no errors.
  init?(_ timeline: CSVTable) throws {
    guard let samples = try timeline.numbers("samples").map(Array.init) else { return nil }
    let settled = try Settling.all(samples: samples) { try timeline.numbers($0).map(Array.init) }
    guard !settled.isEmpty else { return nil }
    header = ["Statistic", "Last value", "Enough samples"]
    rows = try settled.map { one in
      let value = try timeline.numbers(one.entry.column(.value)).map(Array.init)?.last ?? nil
      let error = try timeline.numbers(one.entry.errorColumn(.value)).map(Array.init)?.last ?? nil
      return [
        "\(one.entry.title) (\(one.entry.id))", Reading(value, bar: error).text,
        Self.words(one.samples.map(Double.init)),
      ]
    }
    note = Self.rule + " The values are those of the timeline."
  }

  /// From growing prefixes of parts, of the headline statistics and their corrections; nil without prefixes.
  init?(prefixes json: JSONValue) {
    let last = (json["prefixes"]?.elements ?? []).last
    let found = json["enough_samples"]?.elements ?? []
    let numbers = Headline.all.flatMap { headline in
      [(headline.entry, headline.part)] + (headline.correction.map { [($0, headline.part)] } ?? [])
    }
    rows = numbers.compactMap { entry, part in
      let one = found.first { $0["id"]?.string == entry.id && $0["part"]?.string == part.rawValue }
      return one.map { one in
        let samples = one.double("samples").flatMap { $0 < last?.double("samples") ?? 0 ? $0 : nil }
        return [
          "\(entry.title) (\(entry.column(part)))", Reading(last?["measures"], entry, part).text,
          one["reason"]?.string ?? Self.words(samples),
        ]
      }
    }
    guard !rows.isEmpty else { return nil }
    header = ["Statistic", "Last value", "Enough samples"]
    note = Self.rule + " The values are those of growing prefixes of the parts."
  }

  private static func words(_ samples: Double?) -> String { samples.map { NumberText.count($0) } ?? "not reached" }
}
