import Formats
import Moments
import Samples

/// What is known of a state before it is there.
struct StateForecast: Sendable, Equatable {
  /// d; nil where nothing of the stream can be looked at before it flows.
  let dimension: Int?
  let classes: ClassEstimate
  let within: WithinScatter
  /// Whether means are two doubles; where it is not known, they are taken to be.
  let carriesMeans: Bool

  /// Its file; nil where d is not known.
  var size: SizeEstimate? {
    dimension.map { dimension in
      SizeEstimate(
        fixed: StateForecast.overhead + (within == .none ? 0 : 8 * dimension * dimension),
        perClass: 20 + 8 * dimension * (carriesMeans ? 2 : 1), classes: classes)
    }
  }

  /// Of an HDF5 file of a few datasets.
  private static let overhead = 4 << 10

  init(dimension: Int?, classes: ClassEstimate, within: WithinScatter, carriesMeans: Bool) {
    self.dimension = dimension
    self.classes = classes
    self.within = within
    self.carriesMeans = carriesMeans
  }

  /// What a state says of itself; nil where the file is no state.
  init?(file: String) {
    guard let state = try? StateReader(file) else { return nil }
    self.init(
      dimension: state.dimension, classes: .exactly(state.classes), within: state.within,
      carriesMeans: state.provenance.features.contains {
        ScalarType(rawValue: $0).map(ClassMoments.carriesMeans) ?? true
      })
  }
}

/// What a stage is to work on, as far as it is known before the run.
struct StageOutlook: Sendable {
  /// Of the stream it takes; nil where it takes none, or the first batch cannot be looked at.
  let stream: StreamShape?
  /// The states it refers to, by option.
  let states: [String: [StateForecast?]]
  /// Where the artefact goes; nil where it is kept nowhere.
  let output: String?
  /// Files it refers to or that are made for it.
  let references: Int
}

/// What a stage will take and make, as far as it is known before the run.
struct StageForecast: Sendable {
  /// What it takes of the stream's or the states' shape, in words.
  var notes: [String] = []
  /// In words; nil where it is part of another stage's.
  var memory: String?
  /// The same in bytes at most, where that is known.
  var peak: Int?
  /// In words, by file; files that are not named are of unknown size.
  var sizes: [String: String] = [:]
  /// The state that it makes.
  var state: StateForecast?
  /// The stream that it reads.
  var stream: StreamShape?
}

/// A kind of stage that can say what it will take. Every one does.
protocol ForecastingStage: StageKind {
  /// Throws where an input cannot be read.
  func forecast(_ outlook: StageOutlook) throws -> StageForecast
}
