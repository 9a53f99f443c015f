import Artefacts
import Engine
import Moments

/// What is known of a state before it is made.
struct StateForecast: ArtefactForecast, Equatable {
  /// d; nil if the stream cannot be inspected before it runs.
  let dimension: Int?
  let classes: ClassEstimate
  let within: WithinScatter
  /// Whether each mean is stored as two doubles; assumed true if unknown.
  let keepsLowParts: Bool
  var moments = SecondMoments.trace

  /// The size of its file; nil if d is unknown.
  var size: SizeEstimate? {
    dimension.map { dimension in
      SizeEstimate(
        fixed: StateForecast.overhead + (within == .none ? 0 : 8 * dimension * dimension),
        perClass: 20 + 8 * dimension * moments.rowsPerClass(keepsLowParts: keepsLowParts), classes: classes)
    }
  }

  /// Overhead of an HDF5 file with a few datasets, in bytes.
  private static let overhead = 4 << 10

}

extension StateForecast {
  /// Reads an existing state; nil if the file is not a state.
  init?(file: String) {
    guard let state = try? StateReader(file) else { return nil }
    self.init(
      dimension: state.dimension, classes: .exactly(state.classes), within: state.within,
      keepsLowParts: state.keepsLowParts, moments: state.moments)
  }
}

extension ForecastInputs {
  /// The states that an option refers to; nil for artefacts that are not states or are unknown.
  func states(_ option: String) throws -> [StateForecast?] {
    try artefacts(option).map { artefact in
      switch artefact {
      case .file(let file): StateForecast(file: file)
      case .toBeMade(let forecast): forecast as? StateForecast
      }
    }
  }
}
