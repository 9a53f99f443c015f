/// From how many samples on a statistic of a timeline has kept to its last value, within one standard error of that.
package struct Settling: Sendable, Equatable {
  package let entry: StatisticEntry
  /// The fewest samples from which every later value lies within one error of the last; nil if only the last one does,
  /// so that more samples may still move it.
  package let samples: Int?

  /// Nil if the last value has no error.
  ///
  /// - Parameters:
  ///   - samples: of each row, ascending.
  ///   - values: by row.
  ///   - errors: by row; only the last counts.
  init?(_ entry: StatisticEntry, samples: [Double?], values: [Double?], errors: [Double?]) {
    let rows = samples.compactMap { $0.flatMap { Int(exactly: $0) } }
    guard let last = rows.last, let fewest = EnoughSamples.fewest(rows, values, error: errors.last ?? nil) else {
      return nil
    }
    self.entry = entry
    self.samples = fewest < last ? fewest : nil
  }

  /// Every statistic of a timeline whose last value has an error in closed form, in column order; none with fewer than
  /// two rows.
  ///
  /// - Parameter column: the numbers of a column, by row; nil if the timeline lacks it.
  package static func all(
    samples: [Double?], column: (String) throws -> [Double?]?
  ) rethrows -> [Settling] {
    guard samples.count > 1 else { return [] }
    return try Statistics.onTimeline.filter(\.hasErrorInClosedForm).compactMap { entry in
      guard let values = try column(entry.column(.value)), let errors = try column(entry.errorColumn(.value)) else {
        return nil
      }
      return Settling(entry, samples: samples, values: values, errors: errors)
    }
  }
}

extension StatisticEntry {
  /// The column of the standard error of a part: `nc1_quotient_standard_error`.
  package func errorColumn(_ part: Part) -> String { column(part) + (Certainty.errors.suffix ?? "") }

  /// Its columns in timelines, with those of errors if they are known.
  package func timelineColumns(errors: Bool) -> [String] {
    shape.parts.map(column) + (errors && hasErrorInClosedForm ? [errorColumn(.value)] : [])
  }
}
