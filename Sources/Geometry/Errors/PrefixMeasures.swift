import Support

/// What was measured of growing prefixes of the parts of a corpus: how many samples are enough.
package struct PrefixMeasures: Sendable, Equatable {
  /// The first parts, measured as if they were all.
  package struct Prefix: Sendable, Equatable {
    package let parts: Int
    package let samples: Int
    package let classes: Int
    package let outcome: GroupMeasures.Outcome

    package init(parts: Int, samples: Int, classes: Int, outcome: GroupMeasures.Outcome) {
      (self.parts, self.samples, self.classes, self.outcome) = (parts, samples, classes, outcome)
    }

    fileprivate var measurements: [Measurement] {
      if case .measured(let measurements) = outcome { measurements } else { [] }
    }
  }

  /// From the fewest parts to all of them.
  package let prefixes: [Prefix]

  package init(_ prefixes: [Prefix]) { self.prefixes = prefixes }

  /// The fewest samples from which on every value of a number lies within one error of the last; nil if that value has
  /// no error bar.
  package func fewestSamples(_ id: String, _ part: StatisticEntry.Part) -> Int? {
    let found = prefixes.map { prefix in prefix.measurements.first { $0.id == id } }
    return EnoughSamples.fewest(
      prefixes.map(\.samples), found.map { $0?.number(part) }, error: (found.last ?? nil)?.bar(part))
  }

  /// `prefixes`, an array with an object for each: `parts`, `samples`, `classes` and `measures`, or `null` and a
  /// `reason`. And `enough_samples`, an array with an object for each number: `id`, `part` and `samples`.
  package var json: [JSONValue.Member] {
    let rows = prefixes.map { prefix -> JSONValue in
      let sizes: [JSONValue.Member] = [
        .init("parts", .integer(prefix.parts)), .init("samples", .integer(prefix.samples)),
        .init("classes", .integer(prefix.classes)),
      ]
      switch prefix.outcome {
      case .measured(let measurements): return .object(sizes + [.init("measures", measurements.json)])
      case .unmeasurable(let reason):
        return .object(sizes + [.init("measures", .null), .init("reason", .string(reason))])
      }
    }
    // Decisions and out-of-distribution samples are those of the whole.
    let all = (prefixes.last?.measurements ?? []).filter {
      $0.entry.shape != .count && !$0.isUndefined && $0.entry.needs?.hasOwnSamples != true
    }
    let enough = all.flatMap { measurement in
      measurement.entry.shape.parts.filter { measurement.number($0) != nil }.map { part -> JSONValue in
        let samples = fewestSamples(measurement.id, part)
        var members: [JSONValue.Member] = [
          .init("id", .string(measurement.id)), .init("part", .string(part.rawValue)),
          .init("samples", samples.map { .integer($0) } ?? .null),
        ]
        if samples == nil {
          let reason =
            measurement.isBiased(part) ? "its bias exceeds two standard errors" : "it has no standard error"
          members.append(.init("reason", .string(reason)))
        }
        return .object(members)
      }
    }
    return [.init("prefixes", .array(rows)), .init("enough_samples", .array(enough))]
  }
}
