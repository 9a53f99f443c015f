import Geometry
import Storage
import Support

/// The provenance of measurements: checksums of inputs, and options. File names are not part of it.
package struct MeasuresProvenance {
  /// A state's provenance and checksum.
  package typealias Source = (made: Provenance, checksum: String)

  /// The measured state.
  package let state: Source
  package let filter: ClassFilter
  package let options: GeometryOptions
  /// The identity of the output head.
  package var head: String?
  package var decisions: (made: DecisionsProvenance, checksum: String)?
  /// Further members, on how classes are selected and grouped.
  package var groups: [JSONValue.Member] = []
  package var outOfDistribution: Source?
  /// How the mean of the out-of-distribution state counts its classes.
  package var oodMean = GlobalMean.weighted

  package init(of state: Source, _ filter: ClassFilter, _ options: GeometryOptions) {
    (self.state, self.filter, self.options) = (state, filter, options)
  }

  /// The member `provenance` of these results.
  package func json(of measures: Measures) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("tool", .string("collapse \(collapseVersion)")),
      .init(MeasurementsOrigin.schema, .integer(2)),
      .init(MeasurementsOrigin.samples, .string(state.made.samplesDigest)),
      .init(MeasurementsOrigin.state, .string(state.checksum)),
      .init("skipped_nonfinite", .integer(state.made.skipped)),
      .init("min_count", .integer(filter.minCount)),
      .init("global_mean", .string(options.globalMean.rawValue)),
    ]
    if let sampling = options.sampling {
      members += [.init("sampled_pairs", .integer(sampling.pairs)), .init("seed", .integer(sampling.seed))]
    }
    let made = [
      (MeasurementsOrigin.head, head), (MeasurementsOrigin.decisions, decisions?.checksum),
      (MeasurementsOrigin.decisionsHead, decisions?.made.recordedHead(head)),
    ]
    members += made.compactMap { name, text in text.map { .init(name, .string($0)) } }
    members += readings
    if let most = filter.maxCount { members.append(.init("max_count", .integer(most))) }
    members += groups
    if let foreign = outOfDistribution {
      members += [
        .init("ood_samples_digest", .string(foreign.made.samplesDigest)),
        .init("ood_checksum", .string(foreign.checksum)),
      ]
    }
    return .object(members + Self.tables(measures))
  }

  /// The choices that differ from the default, where definitions of a statistic differ from each other.
  private var readings: [JSONValue.Member] {
    let choices: [(name: String, value: String, isMade: Bool)] = [
      ("gnc2_means", options.gnc2Means.rawValue, options.gnc2Means != .centred),
      ("head_rows", "centred", options.isHeadCentred),
      ("ood_mean", oodMean.rawValue, outOfDistribution != nil && oodMean != .weighted),
      (
        "decisions_head_rows", decisions?.made.headRows.rawValue ?? "",
        decisions.map { $0.made.headRows != .all } ?? false
      ),
    ]
    return choices.filter(\.isMade).map { .init($0.name, .string($0.value)) }
  }

  /// The identity of the tables that belong to the measurements, whether they are written or not.
  private static func tables(_ measures: Measures) -> [JSONValue.Member] {
    func sum(_ text: String) -> JSONValue {
      let sum = Checksum()
      sum.update(text)
      return .string(sum.value)
    }
    return [
      .init(MeasurementsOrigin.classes, .string(measures.classes.digest)),
      .init(MeasurementsOrigin.histograms, sum(measures.histograms.csv)),
    ] + (measures.spectra.isEmpty ? [] : [.init(MeasurementsOrigin.spectra, sum(SpectrumCSV.text(measures.spectra)))])
  }
}
