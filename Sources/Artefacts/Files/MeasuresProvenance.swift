import Geometry
import Samples
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
  /// The classifier rows of the measured classes.
  package var classifier: Matrix?
  package var decisionsChecksum: String?
  /// Further members, on how classes are selected and grouped.
  package var groups: [JSONValue.Member] = []
  package var outOfDistribution: Source?

  package init(of state: Source, _ filter: ClassFilter, _ options: GeometryOptions) {
    (self.state, self.filter, self.options) = (state, filter, options)
  }

  /// The member `provenance` of results.
  package var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("tool", .string("collapse \(collapseVersion)")),
      .init("samples_digest", .string(state.made.samplesDigest)),
      .init("moments_checksum", .string(state.checksum)),
      .init("skipped_nonfinite", .integer(state.made.skipped)),
      .init("min_count", .integer(filter.minCount)),
      .init("global_mean", .string(options.globalMean.rawValue)),
    ]
    if let sampling = options.sampling {
      members += [.init("sampled_pairs", .integer(sampling.pairs)), .init("seed", .integer(sampling.seed))]
    }
    if let classifier {
      let checksum = Checksum()
      checksum.update(classifier.elements)
      members.append(.init("classifier_checksum", .string(checksum.value)))
    }
    if let decisionsChecksum { members.append(.init("decisions_checksum", .string(decisionsChecksum))) }
    if let most = filter.maxCount { members.append(.init("max_count", .integer(most))) }
    members += groups
    if let foreign = outOfDistribution {
      members += [
        .init("ood_samples_digest", .string(foreign.made.samplesDigest)),
        .init("ood_checksum", .string(foreign.checksum)),
      ]
    }
    return .object(members)
  }
}
