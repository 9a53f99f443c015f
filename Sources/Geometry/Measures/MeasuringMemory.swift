import CollapseKernels
import Moments

/// The most memory that measuring classes takes in addition to its inputs, which are the moments and the rows of the
/// classifier.
///
/// It follows the steps of ``Measures``: the errors of traces, the sweeps over pairs, the spectral statistics, the
/// interference, and the distance to dual frames. Their memory is never in use at the same time.
package struct MeasuringMemory: Sendable, Equatable {
  /// Bytes of copies of the means: those of a selection, the centred ones, and one more, which is laid out for the sweep
  /// or whitened.
  package let vectors: Int
  /// Bytes of d×d matrices, including the workspace of LAPACK.
  package let matrices: Int
  /// Bytes of tiles and of what depends on the classes but not on d.
  package let tables: Int

  package var total: Int { vectors + matrices + tables }

  /// Bytes of one class in tables of norms, variances, neighbours and results.
  private static let classBytes = 1224
  /// Bytes that a thread's matrix products take inside the library.
  private static let productBytes = 24 << 20

  /// - Parameters:
  ///   - copies: how many [K × d] copies of its inputs the selection needs: none if all classes are measured together.
  package init(
    classes: Int, dimension: Int, copies: Int, within: WithinScatter, hasClassifier: Bool,
    options: GeometryOptions
  ) {
    let (number, threads) = (MemoryLayout<Double>.size, options.threads)
    let vector = classes * dimension * number
    let matrix = dimension * dimension * number
    let tile = UpperTriangleTiles.standard
    let blocks = (dimension + tile - 1) / tile
    let gramTiles = min(OrderedTasks.wave, blocks * (blocks + 1) / 2) * tile * tile * number
    let bins = (Statistics.overPairs.count * PairBins.count + 2 * PairSweep.tile * 6) * number
    let sides = (classes + PairSweep.tile - 1) / PairSweep.tile
    let sweep =
      min(OrderedTasks.wave, sides * (sides + 1) / 2) * bins
      + threads * PairSweep.tile * PairSweep.tile * 12 + sides * sides * 8
    let chunk = min(classes, InterferenceMoments.rowsAtOnce) * dimension * number
    // Bytes of copies, of matrices other than Σ_B, and of the rest.
    var steps = [(vector, 0, sweep), (0, 2 * matrix, chunk + gramTiles)]
    if hasClassifier { steps.append((vector, 2 * matrix, gramTiles)) }
    if within != .none {
      // The errors of traces: scaled means, chunk by chunk, and the products of each.
      steps.append((0, matrix, chunk + gramTiles))
      // The rank of Σ_B: whitened means and all that is made from them are smaller if there are few classes.
      let rank = min(dimension, max(classes - 1, 0))
      let (thin, small) = (rank * dimension * number, rank * rank * number)
      let solving = SymmetricEigen.bytes(dimension: dimension)
      steps.append((vector, solving, gramTiles))
      steps.append((vector, matrix + 3 * thin, gramTiles))
      steps.append((vector, 2 * thin + small + SymmetricEigen.bytes(dimension: rank), gramTiles))
    }
    if options.hasSpectra { steps.append((0, Spectra.bytes(dimension: dimension), chunk + gramTiles)) }
    let most = steps.max { $0.0 + $0.1 + $0.2 < $1.0 + $1.1 + $1.2 } ?? steps[0]
    vectors = (copies + (hasClassifier && options.isHeadCentred ? 2 : 1)) * vector + most.0
    matrices = (hasClassifier ? 2 : 1) * matrix + most.1
    tables = most.2 + classes * Self.classBytes + threads * Self.productBytes
  }

  /// What the classes of a threshold take, for which no sweep over all pairs is made; see ``MinCountMeasures``.
  ///
  /// - Parameter copies: how many [K × d] copies of its inputs the selection needs.
  package init(threshold classes: Int, of all: Int, dimension: Int, copies: Int, threads: Int) {
    let number = MemoryLayout<Double>.size
    let isSwept = MinCountPlan.pairsToVisit(classes: all) >= Double(classes) * Double(classes) / 2
    let matrix = dimension * dimension * number
    let chunk = min(classes, InterferenceMoments.rowsAtOnce) * dimension * number
    vectors = (copies + (isSwept ? 2 : 1)) * classes * dimension * number
    matrices = 3 * matrix
    tables = 2 * chunk + classes * Self.classBytes + threads * Self.productBytes
  }
}
