import Support

/// How far a language model's features have collapsed, for other Swift programs: samples in, measurements out.
///
/// A sample is a token id and the feature vector from which the model predicts it. An ``Accumulator`` keeps count, mean and second
/// moment of every token class; a ``CollapseState`` is what comes of it, to be saved, merged and measured; a ``Decider``
/// compares the classifier with the nearest class mean on unseen samples; ``Measurements`` are the statistics NC1 to NC5 of
/// *Linguistic Collapse* (Wu & Papyan, NeurIPS 2024). A ``SampleStream`` reads files. Results have the bytes of the command
/// line's, for any number of threads.
///
/// ```swift
/// import NeuralCollapse
///
/// func example(folder: String) async throws -> String {
///   // From files: any format that `collapse` reads, several files as one stream.
///   let accumulator = try Accumulator(within: .pooled)
///   for try await block in try SampleStream(folder + "/train-*.npy.zst") { try accumulator.fold(block) }
///   let state = try accumulator.finish()
///
///   // From memory: two samples of token 7 and one of token 9, each of three features.
///   let other = try Accumulator(dimension: 3)
///   try other.fold(labels: [7, 7, 9], features: [0.5, 1, 0, 0.5, 0.5, 1, 2, 0, 1] as [Float])
///   let merged = try CollapseState.merge([other.finish()])
///
///   // Unseen samples, for NC4.
///   let classifier = try Classifier(folder + "/model.safetensors#lm_head.weight")
///   let decider = try Decider(state, classifier: classifier)
///   for try await block in try SampleStream(folder + "/validation.npy.zst") { try decider.decide(block) }
///
///   let measurements = try await state.measure(classifier: classifier, decisions: decider.finish())
///   print(merged.samples, measurements["nc1_cdnv"]?.mean ?? .nan, measurements["nc4"]?.value ?? .nan)
///   return measurements.json
/// }
/// ```
///
/// This is the release, as results name it.
public let collapseRelease = "collapse \(collapseVersion)"
