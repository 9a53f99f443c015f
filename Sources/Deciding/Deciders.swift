import Geometry
import Moments
import Samples
import Support
import Synchronization

/// What the two deciders chose for each row of a block, as token ids.
package struct Choices: Sendable, Equatable {
  /// The model's choice: the classifier's, or the prediction that the stream carries.
  package var model: [Int32]
  /// The class with the nearest mean.
  package var nearest: [Int32]
  /// Number of choices so close that float64 had to make them.
  package var close = 0
}

/// The two deciders of NC4, the model's classifier and the nearest class mean, for blocks of unseen samples.
///
/// Choices are those of float64 arithmetic for any number of threads; see ``ProductSearch``.
///
/// - Memory: V·d and K·d floats in addition to the given moments and classifier, and a few MiB per thread.
package struct Deciders: Sendable {
  private let means: NearestMean
  private let classifierSearch: ProductSearch?
  private var meanSearch: ProductSearch
  private let headRows: HeadRows
  private let workers: WorkerThreads

  /// The most rows that one thread multiplies at a time: more is no faster.
  private static let largestSlice = 512
  private static let smallestSlice = 64

  /// - Parameters:
  ///   - classifier: nil if the model's choices are the predictions that blocks carry.
  ///   - headRows: the rows that the classifier chooses from.
  /// - Throws: ``GeometryError`` if moments and classifier do not fit each other, or are too large to be squared.
  package init(
    _ table: MomentsTable, classifier whole: Classifier? = nil, headRows: HeadRows = .all,
    workers: WorkerThreads = WorkerThreads(1)
  ) throws {
    self.workers = workers
    self.headRows = headRows
    try MappedMemory.check(
      table.classes * (table.dimension * 4 + 32), for: "the class means in single precision")
    means = try NearestMean(table)
    let d = Double(table.dimension)
    let largestSquare = means.squaredNorms.max() ?? 0
    meanSearch = ProductSearch(
      means.forProducts, offsets: means.squaredNorms.map { -$0 / 2 }, offsetError: largestSquare * d * 0x1p-52,
      squaredError: (d + 4) * 0x1p-52, exact: means)
    guard let whole else {
      classifierSearch = nil
      return
    }
    guard whole.dimension == table.dimension else {
      throw GeometryError.classifierDimension(expected: table.dimension, found: whole.dimension)
    }
    if let last = table.tokens.last, Int(last) >= whole.rows {
      throw GeometryError.classifierTooShort(token: last, rows: whole.rows)
    }
    if let bias = whole.bias, bias.count != whole.rows {
      throw GeometryError.biasLength(expected: whole.rows, found: bias.count)
    }
    let classifier = headRows == .all ? whole : try whole.selecting(table.tokens)
    let offsets = means.centre.withUnsafeBufferPointer { centre in
      (0..<classifier.rows).map { row in centre.baseAddress.map { classifier.score(row, for: $0) } ?? 0 }
    }
    let length = means.centre.reduce(0) { $0 + $1 * $1 }.squareRoot()
    classifierSearch = ProductSearch(
      classifier.forProducts, offsets: offsets,
      offsetError: classifier.largestNorm * length * (d + 4) * 0x1p-51, squaredError: 0, exact: classifier)
  }

  /// Chooses for every row of a block.
  ///
  /// - Parameter isCancelled: is called now and then, on any thread.
  /// - Precondition: the block has the dimension of the moments; without a classifier, every row has a prediction.
  /// - Throws: `NonfiniteRow` if a row holds a NaN or an infinity, ``GeometryError`` if one is too long to be squared,
  ///   and `CancellationError`.
  package func decide(_ block: Block, isCancelled: @Sendable () -> Bool = { false }) throws -> Choices {
    precondition(block.dimension == means.dimension)
    let slices = slices(of: block.rows)
    var model = [Int32](repeating: 0, count: block.rows)
    var nearest = model
    let close = Atomic(0)
    let errors = model.withUnsafeMutableBufferPointer { model in
      nearest.withUnsafeMutableBufferPointer { nearest in
        // Each slice writes the elements of its own rows.
        nonisolated(unsafe) let (model, nearest) = (model, nearest)
        return workers.attempt(slices.count) { number in
          let found = try decide(block, slices[number], isCancelled, model, nearest)
          close.add(found, ordering: .relaxed)
        }
      }
    }
    if let error = errors.compactMap(\.self).first { throw Self.error(error, in: block) }
    if isCancelled() { throw CancellationError() }
    if classifierSearch == nil {
      model = block.predictions.map(Array.init) ?? []
      precondition(model.count == block.rows)
    } else if headRows == .seen {
      model = model.map { means.tokens[Int($0)] }
    }
    return Choices(
      model: model, nearest: nearest.map { means.tokens[Int($0)] }, close: close.load(ordering: .relaxed))
  }

  private func decide(
    _ block: Block, _ rows: Range<Int>, _ isCancelled: () -> Bool, _ model: UnsafeMutableBufferPointer<Int32>,
    _ nearest: UnsafeMutableBufferPointer<Int32>
  ) throws -> Int {
    guard !isCancelled(), let model = model.baseAddress, let nearest = nearest.baseAddress else { return 0 }
    let slice = try slice(block, rows)
    let wide = UnsafeMutablePointer<Double>.allocate(capacity: block.dimension)
    defer { wide.deallocate() }
    var widened: Int?
    func row(_ number: Int) -> UnsafePointer<Double> {
      if widened != number {
        block.scalar.widen(block.rowStarts[rows.lowerBound + number], count: block.dimension, into: wide)
        widened = number
      }
      return UnsafePointer(wide)
    }
    let close = meanSearch.choose(slice, row: row, isCancelled: isCancelled, into: nearest + rows.lowerBound)
    guard let classifierSearch else { return close }
    return close
      + classifierSearch.choose(slice, row: row, isCancelled: isCancelled, into: model + rows.lowerBound)
  }

  /// The fewest classes and features for which pruning can pay: with fewer, products do not dominate the time.
  package static let leastPruned = (classes: 8 * ProductSearch.tile, dimension: 128)

  /// The most features for which it can pay: with more, eigenvectors take the memory and time that pruning saves.
  private static let widestPruned = 8192

  /// Rows on which pruning is judged.
  private static let pruningSampleRows = 128

  /// How much work must be done before it can pay to try pruning, relative to the cost of trying.
  private static let pruningCostRatio = 2.0

  /// Checks, once enough rows are decided, whether the nearest mean can be found with less work; see ``Pruning``.
  ///
  /// - Parameters:
  ///   - choices: the choices for the rows of `block`.
  ///   - decided: the number of rows decided so far.
  /// - Returns: the share of features that is multiplied from here on; nil if it is too early to tell.
  package mutating func prune(
    judgedBy block: Block, _ choices: Choices, decided: Int, least: (classes: Int, dimension: Int) = leastPruned
  ) throws -> Double? {
    guard means.tokens.count >= least.classes, means.dimension >= least.dimension,
      means.dimension <= Self.widestPruned
    else { return 1 }
    let (k, d) = (Double(means.tokens.count), Double(means.dimension))
    // Rotating the means takes 2Kd² in double precision, at half the speed; eigenvectors take about 9d³, at a quarter.
    guard 2 * Double(decided) * k * d >= Self.pruningCostRatio * (2 * 2 * k * d * d + 4 * 9 * d * d * d) else {
      return nil
    }
    let rows = 0..<min(block.rows, Self.pruningSampleRows)
    let rotation = try Rotation(of: meanSearch.candidates)
    let rotated = try rotation.rotate(meanSearch.candidates, workers: workers)
    let slice = rotation.rotate(try slice(block, rows))
    let best = rows.compactMap { row in means.row(of: choices.nearest[row]) }
    guard let pruning = Pruning(rotation, rotated, meanSearch, slice: slice, best: best) else { return 1 }
    (meanSearch.candidates, meanSearch.pruning) = (rotated, pruning)
    return Double(pruning.leading) / d
  }

  /// Multiplies every row of a block with all means and all classifier rows in single precision, and decides nothing.
  /// It uses the same tiles and threads as deciding, and so is the baseline for its time.
  package func multiply(_ block: Block) throws {
    let slices = slices(of: block.rows)
    let errors = workers.attempt(slices.count) { number in
      let slice = try slice(block, slices[number])
      let products = UnsafeMutablePointer<Float>.allocate(capacity: slice.rows.count * ProductSearch.tile)
      defer { products.deallocate() }
      for search in [meanSearch, classifierSearch].compactMap(\.self) {
        for start in stride(from: 0, to: search.count, by: ProductSearch.tile) {
          search.multiply(slice, start..<min(start + ProductSearch.tile, search.count), into: products)
        }
      }
    }
    if let error = errors.compactMap(\.self).first { throw Self.error(error, in: block) }
  }

  private func slice(_ block: Block, _ rows: Range<Int>) throws(FeatureSlice.BadRow) -> FeatureSlice {
    let least = max(meanSearch.leastExponent, classifierSearch?.leastExponent ?? .min)
    return try FeatureSlice(block, rows: rows, centre: means.centre, leastExponent: least)
  }

  /// Runs of rows, several per thread. How rows are split changes no choice.
  private func slices(of rows: Int) -> [Range<Int>] {
    let fair = (rows + 4 * workers.count - 1) / (4 * workers.count)
    let size = min(max(fair, Self.smallestSlice), Self.largestSlice)
    return stride(from: 0, to: rows, by: size).map { $0..<min($0 + size, rows) }
  }

  private static func error(_ error: any Error, in block: Block) -> any Error {
    guard let bad = error as? FeatureSlice.BadRow else { return error }
    if let row = block.firstNonfiniteRow(), row <= bad.row { return NonfiniteRow(row: row) }
    return GeometryError.rowTooLong(row: bad.row, limit: FeatureSlice.longest)
  }

  /// The most bytes that a thread takes.
  package static func bytesPerThread(classes: Int, dimension: Int) -> Int {
    largestSlice * (2 * dimension * 4 + ProductSearch.tile * 4 + 512) + Rotation.bytes(dimension: dimension)
      + (mayPrune(classes, dimension) ? Pruning.rowsAtOnce * classes * 4 : 0)
  }

  /// Bytes that the means of K classes take for products, in addition to the moments; rotating them takes a second
  /// copy.
  package static func bytes(classes: Int, dimension: Int) -> Int {
    let turned = classes * dimension * 4 + 5 * dimension * dimension * 8
    return classes * (dimension * 4 + 32) + (mayPrune(classes, dimension) ? turned : 0)
  }

  private static func mayPrune(_ classes: Int, _ dimension: Int) -> Bool {
    classes >= leastPruned.classes && (leastPruned.dimension...widestPruned).contains(dimension)
  }
}
