import Artefacts
import Engine
import Moments
import Samples

/// What is known of a state before it is there.
struct StateForecast: ArtefactForecast, Equatable {
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
    (self.dimension, self.classes, self.within) = (dimension, classes, within)
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

extension StageOutlook {
  /// The states that an option refers to; nil for what is none, or of which nothing is known.
  func states(_ option: String) throws -> [StateForecast?] {
    try artefacts(option).map { artefact in
      switch artefact {
      case .file(let file): StateForecast(file: file)
      case .toBeMade(let forecast): forecast as? StateForecast
      }
    }
  }
}
