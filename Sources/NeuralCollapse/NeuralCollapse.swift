import Support

/// Measures neural collapse in the features of a language model: samples in, measurements out.
///
/// A sample is a feature vector and its label: the id of the next token, which the model predicts from the vector.
///
/// - ``SampleStream`` reads samples from files, as blocks.
/// - ``Accumulator`` folds samples into the count, mean and second moment of every token class.
/// - ``CollapseState`` holds these moments. It can be saved, loaded, merged and measured.
/// - ``Decider`` compares the classifier with the nearest class mean on unseen samples.
/// - ``Measurements`` are the statistics NC1 to NC5 of *Linguistic Collapse* (Wu & Papyan, NeurIPS 2024).
///
/// Results are byte for byte those of the command line, for any number of threads. Errors are ``CollapseError``.
///
/// ```swift
/// import NeuralCollapse
///
/// func example(data: String, state file: String) async throws -> String {
///   // Fold files: any format that `collapse` reads, several files as one stream. Save the state and load it again.
///   let accumulator = try Accumulator(within: .pooled)
///   for try await block in try SampleStream(data + "/train-*.npy.zst") { try accumulator.fold(block) }
///   try accumulator.save(to: file)
///   let state = try CollapseState(reading: file)
///
///   // Fold arrays: two samples of token 7 here, one of token 9 there, each with three features. Merge them.
///   let (here, there) = (try Accumulator(dimension: 3), try Accumulator(dimension: 3))
///   try here.fold(labels: [7, 7], features: [0.5, 1, 0, 0.5, 0.5, 1] as [Float])
///   try there.fold(labels: [9], features: [2, 0, 1] as [Float])
///   let merged = try CollapseState.merge([here.finish(), there.finish()])
///
///   // Decide unseen samples, for NC4.
///   let classifier = try Classifier(data + "/model.safetensors#lm_head.weight")
///   let decider = try Decider(state, classifier: classifier)
///   for try await block in try SampleStream(data + "/validation.npy.zst") { try decider.decide(block) }
///
///   // Measure.
///   let measurements = try await state.measure(classifier: classifier, decisions: decider.finish())
///   print(merged.samples, measurements["nc1_cdnv"]?.mean ?? .nan, measurements["nc4"]?.value ?? .nan)
///   return measurements.json
/// }
/// ```
///
/// To build this, depend on the product `NeuralCollapse` of the package `linguistic-collapse`, as
/// `Examples/library/Package.swift` does. README lists the system libraries it needs.
///
/// The constant itself is the name and version of this release, as recorded in results.
public let collapseRelease = "collapse \(collapseVersion)"
