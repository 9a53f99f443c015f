import Formats

/// What is known about an artefact before it exists, for the stages that take it.
package protocol ArtefactForecast: Sendable {}

/// What is known before the run about the inputs of a stage.
package struct ForecastInputs {
  /// An artefact that a stage refers to.
  package enum Artefact {
    case file(String)
    /// Still to be made; nil if its maker knows nothing about it.
    case toBeMade((any ArtefactForecast)?)
  }

  /// The shape of its stream; nil if it takes none, or if the first batch cannot be read.
  package let stream: StreamShape?
  /// The artefacts that an option refers to. Throws if one of their inputs cannot be read.
  package let artefacts: (_ option: String) throws -> [Artefact]
  /// The file of the artefact; nil if it is not kept.
  package let output: String?
  /// Number of files that it refers to or that are made for it.
  package let references: Int
}

/// What is known before the run about a stage's needs and results.
package struct StageForecast: Sendable {
  /// The relevant facts about its stream or states, in words.
  package var notes: [String] = []
  /// Memory in words; nil if it is included in another stage's.
  package var memory: String?
  /// An upper bound on memory in bytes, if known.
  package var peak: Int?
  /// File sizes in words, by file; other files are of unknown size.
  package var sizes: [String: String] = [:]
  package var artefact: (any ArtefactForecast)?
  /// The shape of the stream it reads.
  package var stream: StreamShape?

  package init(
    notes: [String] = [], memory: String? = nil, peak: Int? = nil, sizes: [String: String] = [:],
    artefact: (any ArtefactForecast)? = nil, stream: StreamShape? = nil
  ) {
    (self.notes, self.memory, self.peak, self.sizes) = (notes, memory, peak, sizes)
    (self.artefact, self.stream) = (artefact, stream)
  }
}
