import Formats

/// What is known of an artefact before it is there, for the stages that take it.
package protocol ArtefactForecast: Sendable {}

/// What a stage is to work on, as far as it is known before the run.
package struct StageOutlook {
  /// An artefact that a stage refers to.
  package enum Artefact {
    case file(String)
    /// One that is to be made; nil where its maker knows nothing of it.
    case toBeMade((any ArtefactForecast)?)
  }

  /// Of the stream it takes; nil where it takes none, or the first batch cannot be looked at.
  package let stream: StreamShape?
  /// The artefacts that an option refers to. Throws where an input of theirs cannot be read.
  package let artefacts: (_ option: String) throws -> [Artefact]
  /// Where the artefact goes; nil where it is kept nowhere.
  package let output: String?
  /// Files it refers to or that are made for it.
  package let references: Int
}

/// What a stage will take and make, as far as it is known before the run.
package struct StageForecast: Sendable {
  /// What it takes of the stream's or the states' shape, in words.
  package var notes: [String] = []
  /// In words; nil where it is part of another stage's.
  package var memory: String?
  /// The same in bytes at most, where that is known.
  package var peak: Int?
  /// In words, by file; files that are not named are of unknown size.
  package var sizes: [String: String] = [:]
  package var artefact: (any ArtefactForecast)?
  /// The stream that it reads.
  package var stream: StreamShape?

  package init(
    notes: [String] = [], memory: String? = nil, peak: Int? = nil, sizes: [String: String] = [:],
    artefact: (any ArtefactForecast)? = nil, stream: StreamShape? = nil
  ) {
    (self.notes, self.memory, self.peak, self.sizes) = (notes, memory, peak, sizes)
    (self.artefact, self.stream) = (artefact, stream)
  }
}
