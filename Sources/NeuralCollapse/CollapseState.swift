import Artefacts
import Foundation
import Moments
import Samples
import Storage
import Support

/// The moments of every token class: the result of an ``Accumulator``, and the content of a state file.
///
/// For the n_c samples h of class c: μ_c = Σ h / n_c and M2_c = Σ‖h − μ_c‖². The scatter Σ_c Σ (h − μ_c)(h − μ_c)ᵀ is
/// optional. Classes are in ascending order of token id. Two states are equal if their files are.
public struct CollapseState: Sendable, Equatable {
  let held: HeldState

  init(held: HeldState) { self.held = held }

  /// Reads a state file (HDF5) written by this library, `collapse accumulate` or `collapse merge`.
  ///
  /// - Throws: ``CollapseError`` of kind `missingFile`, or `badFile` if the file is damaged or its checksum is wrong.
  public init(reading file: String) throws(CollapseError) {
    held = try CollapseError.wrapping { try HeldState(reading: file) }
  }

  /// Writes the state to a file (HDF5) atomically: the same bytes as `collapse accumulate`.
  ///
  /// The file is replaced if it exists; its folder must exist.
  ///
  /// - Throws: ``CollapseError`` of kind `cannotWrite`.
  public func save(to file: String) throws(CollapseError) {
    try CollapseError.wrapping { try held.write(to: file) }
  }

  /// d, the number of features of a sample.
  public var dimension: Int { held.table.dimension }
  /// N, the number of samples.
  public var samples: Int { held.table.samples }
  /// K, the number of classes with samples.
  public var classes: Int { held.table.classes }
  /// The K token ids, ascending.
  public var tokens: [Int32] { held.table.tokens }
  /// n_c, the number of samples of each class.
  public var counts: [Int] { held.table.counts }
  /// μ_c, [K × d] row-major.
  public var means: [Double] { held.table.means.elements }
  /// M2_c = Σ‖h − μ_c‖² of each class.
  public var secondMoments: [Double] { held.table.m2 }
  /// Which second moments were kept.
  public var moments: SecondMoments { SecondMoments(held.table.moments) }
  /// Σ(h − μ_c)² of each feature, [K × d] row-major; nil if they were not kept. They add up to ``secondMoments``.
  public var featureMoments: [Double]? { held.table.diagonal?.elements }
  /// Which scatter was kept.
  public var within: WithinScatter { WithinScatter(held.within) }
  /// Σ_c Σ (h − μ_c)(h − μ_c)ᵀ over all samples, [d × d] and symmetric; nil if it was not kept.
  public var withinScatter: [Double]? { held.table.withinScatter?.elements }
  /// Rows skipped for a NaN or infinite feature.
  public var skipped: Int { held.provenance.skipped }
  /// XXH3-128 of labels and features in order, in whatever container; for a merged state, of its parts' digests.
  public var samplesDigest: String { held.provenance.samplesDigest }
  /// XXH3-128 of the moments and their provenance, such as ``samplesDigest`` and the vocabulary.
  public var checksum: String { held.checksum }

  public static func == (a: CollapseState, b: CollapseState) -> Bool { a.checksum == b.checksum }
}

extension CollapseState {
  /// Merges states in order, as if their samples had been accumulated together.
  ///
  /// For a class in two states, with δ = μ_b − μ_a and n = n_a + n_b: μ = μ_a + δ·n_b/n, M2 = M2_a + M2_b +
  /// ‖δ‖²·n_a·n_b/n. A binary tree over their order joins the states. The result is byte for byte that of `collapse
  /// merge`. It agrees with accumulating all samples at once up to rounding.
  ///
  /// - Parameters:
  ///   - states: one or more, of the same dimension, with the same scatter and second moments.
  ///   - threads: number of threads; by default the CPUs available to the process. It does not change the result.
  /// - Throws: ``CollapseError`` of kind `parameter` (no states), `dimension`, `mismatch` (of scatter, second moments or vocabulary),
  ///   `outOfRange`, or `cannotWrite` (the merge uses a temporary folder).
  /// - Source: Chan, Golub & LeVeque 1979.
  public static func merge(_ states: [CollapseState], threads: Int? = nil) throws(CollapseError) -> CollapseState {
    try CollapseError.wrapping {
      let folder = try TemporaryFile.folder()
      defer { Files.remove(folder) }
      let files = states.indices.map { "\(folder)/\($0).h5" }
      do {
        for (state, file) in zip(states, files) { try state.held.write(to: file) }
        try merge(files, into: "\(folder)/merged.h5", memory: nil, scratch: folder, threads)
        return CollapseState(held: try HeldState(reading: "\(folder)/merged.h5"))
      } catch let error as any DiagnosedError {
        throw RewordedError(error) { diagnosis in
          func name(_ text: String) -> String {
            files.indices.reversed().reduce(text) { $0.replacing(files[$1], with: "states[\($1)]") }
          }
          diagnosis.file = diagnosis.file.map(name)
          (diagnosis.expected, diagnosis.found) = (name(diagnosis.expected), name(diagnosis.found))
        }
      }
    }
  }

  /// Merges state files in order and writes the result to `file`. The states may be larger than memory.
  ///
  /// - Parameters:
  ///   - files: paths of state files.
  ///   - file: the file to write or replace.
  ///   - memory: limit in bytes for the process; by default nine tenths of the memory available to it.
  ///   - scratch: the folder for parts that do not fit in memory; by default `TMPDIR`, else `/tmp`.
  ///   - threads: number of threads; by default the CPUs available to the process.
  /// - Throws: ``CollapseError`` as ``merge(_:threads:)``, and of kind `missingFile`, `badFile` or `outOfMemory`.
  public static func merge(
    files: [String], to file: String, memory: Int? = nil, scratch: String? = nil, threads: Int? = nil
  ) throws(CollapseError) {
    try CollapseError.wrapping {
      try merge(files, into: file, memory: memory, scratch: scratch ?? TemporaryFile.directory, threads)
    }
  }

  private static func merge(
    _ files: [String], into file: String, memory: Int?, scratch: String, _ threads: Int?
  ) throws {
    guard !files.isEmpty else {
      throw CollapseError(
        .parameter, "states", expected: "at least one state", found: "none", advice: "pass the states to merge")
    }
    let merge = try StateMerge(files)
    let plan = try merge.plan(
      memory: memory ?? ResourceLimits.standardMemory, adviceToRaiseMemory: "give more `memory`")
    _ = try merge.write(
      to: file, plan: plan, scratch: scratch, workers: WorkerThreads(threads ?? ResourceLimits.threads)
    ) { _ in try Task.checkCancellation() }
  }
}
