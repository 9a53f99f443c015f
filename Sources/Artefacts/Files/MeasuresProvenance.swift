import Geometry
import Samples
import Storage
import Support

/// What made measurements, by content: the same inputs and options give the same bytes, wherever the files lie.
package struct MeasuresProvenance {
  /// What made a state, and its checksum.
  package typealias Source = (made: Provenance, checksum: String)

  /// The state measured.
  package let state: Source
  package let filter: ClassFilter
  package let options: GeometryOptions
  /// The rows measured against.
  package var classifier: Matrix?
  package var decisionsChecksum: String?
  /// What else selects and groups classes.
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
