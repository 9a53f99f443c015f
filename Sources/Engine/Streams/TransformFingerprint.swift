import Formats
import Plan

/// The transforms between a stream's reader and its consumers.
extension PipelineGraph {
  /// The options of the transforms on a stage's stream that affect the result. They are keyed by position, because
  /// stage names do not affect it.
  func transformFingerprint(of number: Int) -> [String: String] {
    var fingerprint: [String: String] = [:]
    for (place, transform) in stages[number].upstream.dropFirst().enumerated() {
      let kind = stages[transform].kind
      fingerprint["step \(place + 1)"] = type(of: kind).name
      for (option, value) in kind.fingerprint { fingerprint["step \(place + 1) \(option)"] = value }
    }
    return fingerprint
  }

  /// The chain of transforms between a stream's reader and a consumer; nil if there are none.
  ///
  /// - Parameters:
  ///   - meters: by stage index.
  ///   - counted: stages whose samples another consumer's chain counts.
  func chain(
    to number: Int, after header: CheckpointStore.Header?, _ meters: [Meter], counted: inout Set<Int>
  ) throws -> TransformChain? {
    let between = stages[number].upstream.dropFirst()
    guard !between.isEmpty else { return nil }
    let transforms = try between.map { number in
      guard let kind = stages[number].transforming else { throw stages[number].missingRole("passes a stream on") }
      return try kind.transform(stage: stages[number].name)
    }
    let chain = TransformChain(
      transforms, after: header, stages: between.map { stages[$0].name },
      meters: between.filter { !counted.contains($0) }.map { meters[$0] })
    counted.formUnion(between)
    return chain
  }

  /// Digests of the files that the transforms read, by file.
  func transformContents(of number: Int) throws -> [String: String] {
    var contents: [String: String] = [:]
    for file in stages[number].upstream.dropFirst().flatMap({ stages[$0].kind.inputFiles }) {
      contents["content of \(file)"] = try FileDigest.of(file)
    }
    return contents
  }
}
